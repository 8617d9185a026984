//! What files and command lines mean: the cases of the reference's captures, and every mistake.

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::plan::Section;

fn environment(name: &str) -> Option<String> {
    match name {
        "FLUSHSEC" => Some("1".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

/// Files of a folder; the first one is the main file.
fn read(files: &[(&str, &str)]) -> (Plan, String) {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut reading = Reading::new(Environment(&environment));
    reading.main_file(&folder.path().join(files[0].0));
    let said: Vec<String> = reading
        .mistakes
        .iter()
        .map(|mistake| {
            mistake
                .to_string()
                .replace(&format!("{}/", folder.path().display()), "")
        })
        .collect();
    (reading.plan, said.join("\n"))
}

fn conf(text: &str) -> (Plan, String) {
    read(&[("a.conf", text)])
}

fn yaml(text: &str) -> (Plan, String) {
    read(&[("a.yaml", text)])
}

fn line(words: &[&str]) -> (Plan, String) {
    match command_line::parse(words) {
        Ok(request) => {
            let mut reading = Reading::new(Environment(&environment));
            request.settle_into(&mut reading);
            let said: Vec<String> = reading.mistakes.iter().map(ToString::to_string).collect();
            (reading.plan, said.join("\n"))
        }
        Err(mistakes) => {
            let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            (Plan::default(), said.join("\n"))
        }
    }
}

fn shown(section: &Section) -> String {
    let properties: Vec<String> = section
        .properties
        .iter()
        .map(|property| format!("{}={}", property.key, property.value))
        .collect();
    format!("{} {}", section.plugin, properties.join(" "))
        .trim_end()
        .to_owned()
}

fn service(plan: &Plan) -> Vec<String> {
    plan.service
        .iter()
        .map(|property| format!("{}={}", property.key, property.value))
        .collect()
}

#[test]
fn the_page_s_second_file() {
    let (plan, said) = conf(
        "[INPUT]\n    Name        tcp\n    Listen      0.0.0.0\n    Port        5170\n    Format      json\n[OUTPUT]\n    \
         Name           websocket\n    Match          *\n    Host           127.0.0.1\n    Port           9000\n    \
         URI            /\n    Format         json\n    Idle_interval  21\n",
    );
    assert_eq!(said, "");
    assert_eq!(
        shown(&plan.inputs[0]),
        "tcp listen=0.0.0.0 port=5170 format=json"
    );
    assert_eq!(
        shown(&plan.outputs[0]),
        "websocket match=* host=127.0.0.1 port=9000 uri=/ format=json idle_interval=21"
    );
}

#[test]
fn the_page_s_command() {
    let (plan, said) = line(&[
        "-i",
        "cpu",
        "-t",
        "cpu",
        "-o",
        "websocket://192.168.2.3:80/something",
        "-m",
        "*",
    ]);
    assert_eq!(said, "");
    assert_eq!(shown(&plan.inputs[0]), "cpu tag=cpu");
    assert_eq!(
        shown(&plan.outputs[0]),
        "websocket match=* host=192.168.2.3 port=80 uri=/something"
    );
}

#[test]
fn variables_in_the_classic_notation() {
    let (plan, said) = conf(
        "@SET fmt=json_lines\n[SERVICE]\n    Flush ${FLUSHSEC}\n[INPUT]\n    Name dummy\n    Tag ${TAGV:-deftag}\n\
         [OUTPUT]\n    Name websocket\n    URI /${NOPE}x${EMPTY:-y}\n    Format ${fmt}\n    Host ${HOSTNAME}\n",
    );
    assert_eq!(said, "a.conf:9:9: warning: the variable `NOPE` is not set");
    assert_eq!(service(&plan), ["flush=1"]);
    assert_eq!(shown(&plan.inputs[0]), "dummy tag=deftag");
    let output = shown(&plan.outputs[0]);
    assert!(
        output.starts_with("websocket uri=/xy format=json_lines host="),
        "{output}"
    );
    assert!(!output.ends_with("host="), "{output}");
}

#[test]
fn indentation_is_that_of_the_first_line() {
    for (text, expected) in [
        ("[INPUT]\n  Name dummy\n", ""),
        ("[INPUT]\n\tName dummy\n", ""),
        ("[INPUT]\r\n    Name dummy\r\n", ""),
        (
            "[INPUT]\n    Name dummy\n    # a comment\n# another\n\n    \n",
            "",
        ),
        (
            "[INPUT]\nName dummy\n",
            "a.conf:2:1: a line without indentation",
        ),
        (
            "[INPUT]\n    Name dummy\n      Tag x\n",
            "a.conf:3:7: a line that is indented unlike the first one of this file",
        ),
        (
            "[INPUT]\n    Name dummy\n  Tag x\n",
            "a.conf:3:3: a line that is indented unlike the first one of this file",
        ),
        (
            "[INPUT]\n    Name\tdummy\n",
            "a.conf:2:9: a tab behind the key `Name`",
        ),
    ] {
        let (plan, said) = conf(text);
        if expected.is_empty() {
            assert_eq!(
                (said.as_str(), shown(&plan.inputs[0]).as_str()),
                ("", "dummy"),
                "{text:?}"
            );
        } else {
            assert!(said.starts_with(expected), "{text:?}: {said}");
        }
    }
}

#[test]
fn mistakes_of_the_classic_notation() {
    for (text, expected) in [
        (
            "[INPUT\n    Name dummy\n",
            "a.conf:1:1: a section without its closing bracket",
        ),
        (
            "[INPUT]\n    Name dummy\n    Dummy\n",
            "a.conf:3:5: the key `Dummy` has no value",
        ),
        (
            "[INPUT]\n    Tag x\n",
            "a.conf:1:2: a section for an input without `name`",
        ),
        ("    Tag x\n", "a.conf:1:5: a key before any section"),
        (
            "[FOO]\n    a b\n",
            "a.conf:1:2: warning: a section `FOO` is not known",
        ),
        (
            "@INCLDE x\n",
            "a.conf:1:1: the command `@INCLDE` is not known",
        ),
        (
            "@INCLUDE x.conf\n",
            "a.conf:1:10: there is no file `x.conf`",
        ),
        ("@INCLUDE *.none\n", "a.conf:1:10: no file matches `*.none`"),
        (
            "@INCLUDE a.conf\n",
            "a.conf:1:10: `a.conf` is included twice",
        ),
        ("@SET x\n", "a.conf:1:6: `@SET` without a name and a value"),
        (
            "[INPUT]\n    Name a\n    Name b\n",
            "a.conf:3:5: two names in one section",
        ),
        (
            "[INPUT]\n    Name tcp://[::1:5\n",
            "a.conf:2:10: `[::1:5` is no address",
        ),
        (
            "[INPUT]\n    Name tcp://h:port\n",
            "a.conf:2:10: `h:port` is no address",
        ),
        (
            "[INPUT]\n    Name ${x\n",
            "a.conf:2:10: a variable without its closing brace",
        ),
    ] {
        let (_, said) = conf(text);
        assert!(said.starts_with(expected), "{text:?}: {said}");
    }
}

#[test]
fn includes_of_files_and_patterns() {
    let (plan, said) = read(&[
        (
            "a.conf",
            "[SERVICE]\n    Flush 1\n@INCLUDE in.conf\n@INCLUDE out*.conf\n",
        ),
        ("in.conf", "[INPUT]\n  Name dummy\n"),
        ("out1.conf", "[OUTPUT]\n    Name websocket\n"),
        ("out2.conf", "[OUTPUT]\n    Name null\n"),
    ]);
    assert_eq!(said, "");
    assert_eq!((plan.inputs.len(), plan.outputs.len()), (1, 2));
}

#[test]
fn a_thousand_files_are_the_most() {
    let names: Vec<String> = (0..1000).map(|number| format!("in{number}.conf")).collect();
    let mut files = vec![("a.conf", "@INCLUDE in*.conf\n")];
    files.extend(names.iter().map(|name| (name.as_str(), "# nothing\n")));
    let (_, said) = read(&files);
    assert!(said.ends_with("more than 1000 files"), "{said}");
}

#[test]
fn keys_that_begin_small_may_be_camels() {
    let (plan, said) = conf("[INPUT]\n    name dummy\n    startTimeSec 1\n    SAMPLES 2\n");
    assert_eq!(said, "");
    assert_eq!(shown(&plan.inputs[0]), "dummy start_time_sec=1 samples=2");
}

#[test]
fn parsers_beside_the_main_file() {
    let (plan, said) = read(&[
        ("a.conf", "[SERVICE]\n    Parsers_File p.conf\n"),
        (
            "p.conf",
            "[PARSER]\n    Name r\n    Format regex\n    Regex ^(?<a>x)${\n",
        ),
    ]);
    assert_eq!(said, "");
    assert_eq!(shown(&plan.parsers[0]), "r format=regex regex=^(?<a>x)${");
}

#[test]
fn yaml_means_the_same() {
    let (plan, said) = yaml(
        "service:\n  flush: 1\n  logLevel: info\nenv:\n  body: '{\"y\":1}'\npipeline:\n  inputs:\n    - name: dummy\n      \
         dummy: ${body}\n      startTimeSec: 1700000000\n      fixedTimestamp: true\n      processors:\n        logs:\n          \
         - name: grep\n            regex: a b\n  filters:\n    - name: modify\n      match: '*'\n      add: host h1\n  outputs:\n    \
         - name: websocket\n      match: '*'\n      header:\n        - X-A one\n        - X-B two words\n",
    );
    assert_eq!(said, "");
    assert_eq!(service(&plan), ["flush=1", "log_level=info"]);
    assert_eq!(
        shown(&plan.inputs[0]),
        "dummy dummy={\"y\":1} start_time_sec=1700000000 fixed_timestamp=true"
    );
    assert_eq!(shown(&plan.inputs[0].processors[0]), "grep regex=a b");
    assert_eq!(shown(&plan.filters[0]), "modify match=* add=host h1");
    assert_eq!(
        shown(&plan.outputs[0]),
        "websocket match=* header=X-A one header=X-B two words"
    );
}

#[test]
fn yaml_includes_yaml() {
    let (plan, said) = read(&[
        (
            "a.yaml",
            "includes:\n  - inc.yaml\npipeline:\n  outputs:\n    - name: websocket\n",
        ),
        ("inc.yaml", "pipeline:\n  inputs:\n    - name: dummy\n"),
    ]);
    assert_eq!(said, "");
    assert_eq!((plan.inputs.len(), plan.outputs.len()), (1, 1));
}

#[test]
fn mistakes_of_yaml() {
    for (text, expected) in [
        (
            "pipeline:\n  input:\n    - name: x\n",
            "a.yaml:2:3: unknown key `input` under `pipeline`",
        ),
        (
            "pipline:\n  inputs: []\n",
            "a.yaml:1:1: warning: unknown key `pipline` in a configuration",
        ),
        (
            "pipeline:\n  inputs:\n    - tag: x\n",
            "a.yaml:3:7: a section for an input without `name`",
        ),
        (
            "pipeline:\n  inputs:\n    name: x\n",
            "a.yaml:3:5: this must be a list, not a map",
        ),
        (
            "pipeline:\n  inputs:\n    - name: x\n      a: {b: c}\n",
            "a.yaml:4:10: `a` must be text, not a map",
        ),
        (
            "includes:\n  - none.yaml\n",
            "a.yaml:2:5: there is no file `none.yaml`",
        ),
        (
            "customs: []\n",
            "a.yaml:1:1: warning: a section `customs` is not known",
        ),
    ] {
        let (_, said) = yaml(text);
        assert!(said.starts_with(expected), "{text:?}: {said}");
    }
}

#[test]
fn the_command_line_counts_more_than_the_file() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("a.conf");
    fs::write(
        &path,
        "[SERVICE]\n    Flush 1\n    Log_Level debug\n[INPUT]\n    Name dummy\n",
    )
    .unwrap();
    let request =
        command_line::parse(&["-q", "-f", "5", "-i", "cpu", "-ostdout", "-m", "*"]).unwrap();
    let mut reading = Reading::new(Environment(&environment));
    reading.main_file(&path);
    request.settle_into(&mut reading);
    assert_eq!(
        service(&reading.plan),
        ["flush=1", "log_level=debug", "log_level=off", "flush=5"]
    );
    let inputs: Vec<String> = reading.plan.inputs.iter().map(shown).collect();
    assert_eq!(inputs, ["cpu", "dummy"]);
}

#[test]
fn every_spelling_of_a_flag() {
    for words in [
        &["-i", "dummy", "-p", "dummy={\"a\":1}", "-f", "0.2"][..],
        &["-idummy", "-pdummy={\"a\":1}", "-f0.2"],
        &[
            "--input",
            "dummy",
            "--prop",
            "dummy={\"a\":1}",
            "--flush",
            "0.2",
        ],
        &["--input=dummy", "--prop=dummy={\"a\":1}", "--flush=0.2"],
    ] {
        let (plan, said) = line(words);
        assert_eq!(said, "", "{words:?}");
        assert_eq!(shown(&plan.inputs[0]), "dummy dummy={\"a\":1}");
        assert_eq!(service(&plan), ["flush=0.2"]);
    }
    assert_eq!(
        service(&line(&["-vv"]).0),
        ["log_level=debug", "log_level=trace"]
    );
}

#[test]
fn mistakes_of_the_command_line() {
    for (words, expected) in [
        (
            &["-p", "a=1"][..],
            "<command line>:1:1: `-p` before any plugin",
        ),
        (
            &["-i", "cpu", "-p", "a"],
            "<command line>:1:11: `a` is no property",
        ),
        (
            &["-i", "cpu", "-m", "*"],
            "<command line>:1:8: `-m` behind an input",
        ),
        (&["--nope"], "<command line>:1:1: unknown flag `--nope`"),
        (&["-i"], "<command line>:1:1: `-i` needs a value"),
        (
            &["--verbose=1"],
            "<command line>:1:1: `--verbose` takes no value",
        ),
        (&["dummy"], "<command line>:1:1: `dummy` belongs to no flag"),
        (&["-e", "x.so"], "<command line>:1:1: plugins are built in"),
    ] {
        let (_, said) = line(words);
        assert!(said.starts_with(expected), "{words:?}: {said}");
    }
}

#[test]
fn help_is_about_the_plugin_in_front_of_it() {
    use command_line::{Action, Kind};
    let action = |words: &[&str]| command_line::parse(words).unwrap().action;
    assert_eq!(action(&["-h", "-x"]), Action::Help);
    assert_eq!(
        action(&["-o", "WebSocket://a:1/", "-h"]),
        Action::PluginHelp(Kind::Output, "websocket".to_owned())
    );
    assert_eq!(
        action(&["-i", "tcp", "-J"]),
        Action::PluginSchema(Kind::Input, "tcp".to_owned())
    );
    assert_eq!(action(&["-V"]), Action::Version);
    assert_eq!(action(&["-i", "cpu", "-D"]), Action::DryRun);
}
