//! AltWalker 0.4.0, unmodified, with our program as its `gw`: it checks, verifies, plans and runs tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::lab::{PATIENCE, Process, binary};

const MODEL: &str = r#"{"name": "Login", "models": [{"name": "LoginModel", "id": "m1",
  "generator": "random(edge_coverage(100))", "startElementId": "v0",
  "vertices": [{"id": "v0", "name": "v_out"}, {"id": "v1", "name": "v_in", "requirements": ["REQ-1"]},
    {"id": "v2", "name": "v_later", "properties": {"blocked": true}}],
  "edges": [
    {"id": "e0", "name": "e_login", "sourceVertexId": "v0", "targetVertexId": "v1", "actions": ["count = 1;"]},
    {"id": "e1", "name": "e_logout", "sourceVertexId": "v1", "targetVertexId": "v0", "guard": "count > 0"},
    {"id": "e2", "name": "e_later", "sourceVertexId": "v0", "targetVertexId": "v2"}]}]}"#;

const TESTS: &str = r#"
class LoginModel:
    def setUpModel(self):
        self.inside = False

    def v_out(self):
        assert not self.inside

    def v_in(self, data):
        assert self.inside
        data["seen"] = "by the test"

    def e_login(self):
        self.inside = True

    def e_logout(self, data):
        assert data["count"] == "1", data
        assert data["seen"] == "by the test", data
        self.inside = False

    def v_later(self):
        pass

    def e_later(self):
        pass
"#;

/// A project of AltWalker, with a link named `gw` first on the path.
struct Project {
    folder: TempDir,
    programs: PathBuf,
}

impl Project {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = Command::new(root.join("scripts/peers"))
            .arg("altwalker")
            .output();
        let python = python.expect("scripts/peers runs");
        let complaint = String::from_utf8_lossy(&python.stderr);
        assert!(python.status.success(), "scripts/peers: {complaint}");
        let python = PathBuf::from(String::from_utf8_lossy(&python.stdout).trim());
        let programs = python.parent().expect("a folder").to_owned();
        let folder = TempDir::new().expect("a temporary folder");
        let links = folder.path().join("bin");
        std::fs::create_dir_all(&links).expect("writable");
        let binary = env!("CARGO_BIN_EXE_sockeye");
        std::os::unix::fs::symlink(binary, links.join("gw")).expect("writable");
        let project = Self { folder, programs };
        project.write("model.json", MODEL);
        project.write("tests/__init__.py", "");
        project.write("tests/test.py", TESTS);
        project
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        std::fs::write(path, text).expect("writable");
    }

    fn run(&self, args: &[&str]) -> Output {
        let links = self.folder.path().join("bin");
        let path = format!("{}:/usr/bin:/bin", links.display());
        let mut command = Command::new(self.programs.join("altwalker"));
        command.args(args).current_dir(self.folder.path());
        command
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.folder.path());
        command.output().expect("altwalker starts")
    }
}

#[track_caller]
fn expect_done(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}{err}");
    out
}

const WALKED: [&str; 3] = ["-m", "model.json", "random(edge_coverage(100))"];

#[test]
fn models_are_checked_and_verified() {
    let project = Project::new();
    let args = [&["check"][..], &WALKED, &["--blocked"]].concat();
    let told = expect_done(&project.run(&args));
    assert!(
        told.contains("No issues found with the model(s)."),
        "{told}"
    );
    // It looks for a method for every name that `gw methods` gives it, blocked or not.
    let told = expect_done(&project.run(&["verify", "tests", "-m", "model.json"]));
    assert!(told.contains("No issues found"), "{told}");
    project.write("half/__init__.py", "");
    project.write("half/test.py", &TESTS.replace("def v_later", "def v_other"));
    let output = project.run(&["verify", "half", "-m", "model.json"]);
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("v_later"), "{told}");
}

#[test]
fn issues_and_failures_of_ours_are_what_it_shows() {
    let project = Project::new();
    let output = project.run(&[
        "offline",
        "-m",
        "model.json",
        "random(reached_vertex(nowhere))",
    ]);
    assert!(!output.status.success());
    let told = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("Vertex [nowhere] not found"), "{told}");
}

#[test]
fn paths_are_planned_and_walked() {
    let project = Project::new();
    let args = [
        &["offline"][..],
        &WALKED,
        &["--blocked", "-f", "steps.json"],
    ]
    .concat();
    expect_done(&project.run(&args));
    let steps = std::fs::read_to_string(project.folder.path().join("steps.json")).expect("written");
    let steps: serde_json::Value = serde_json::from_str(&steps).expect("JSON");
    let names: Vec<_> = steps
        .as_array()
        .expect("a list")
        .iter()
        .map(|step| &step["name"])
        .collect();
    assert_eq!(names, ["v_out", "e_login", "v_in", "e_logout", "v_out"]);
    assert_eq!(steps[0]["modelName"], "LoginModel");
}

/// A port that nobody has. AltWalker must name one.
fn free_port() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener
        .local_addr()
        .expect("an address")
        .port()
        .to_string()
}

#[test]
fn tests_are_run_step_by_step() {
    let project = Project::new();
    let port = free_port();
    let args = [
        &["online", "tests"][..],
        &WALKED,
        &["--blocked", "-u", "-o", "--gw-port", &port],
    ]
    .concat();
    let told = expect_done(&project.run(&args));
    for part in ["LoginModel.e_logout", "LoginModel.v_out", "Status:"] {
        assert!(told.contains(part), "no `{part}` in:\n{told}");
    }
    let coverage = told.matches("100%").count();
    assert!(coverage >= 2, "edges and vertices: {told}");
}

#[test]
fn a_test_that_fails_is_told_to_the_service_and_ends_the_run() {
    let project = Project::new();
    let failing = TESTS.replace(
        "assert self.inside",
        "assert False, 'not let in / ünïcode?'",
    );
    project.write("tests/test.py", &failing);
    let port = free_port();
    let args = [
        &["online", "tests"][..],
        &WALKED,
        &["--blocked", "--gw-port", &port],
    ]
    .concat();
    let output = project.run(&args);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("not let in"), "{told}");
    assert!(told.contains("Failed"), "{told}");
}

#[test]
fn a_service_that_runs_already_is_loaded_and_used() {
    let project = Project::new();
    let port = free_port();
    let line = ["online", "-s", "RESTFUL", "-p", &port, "-o"];
    let (_service, ready) = Process::spawn(binary("gw").args(line).stdout(Stdio::null()));
    ready.recv_timeout(PATIENCE).expect("it listens");
    let args = [
        &["online", "tests"][..],
        &WALKED,
        &["--gw-host", "127.0.0.1", "--gw-port", &port],
    ]
    .concat();
    let told = expect_done(&project.run(&args));
    for part in ["LoginModel.e_logout", "Completed Models", "100%"] {
        assert!(told.contains(part), "no `{part}` in:\n{told}");
    }
}
