//! Results pass through here on their way to people: one table, each row with its bar and its verdict.

use serde::{Serialize, Serializer};

use crate::statistics::Summary;

/// What a row's figures count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Server CPU time to each message, µs.
    CpuMicroseconds,
    /// Resident memory to each connection, KiB.
    Kibibytes,
    /// Resident memory of the process, MiB.
    Mebibytes,
    /// The same in MB of a million bytes, as bounds are configured.
    Megabytes,
    /// Wall time, ms.
    Milliseconds,
    /// Share of one core or of a length, percent.
    Percent,
    /// Messages to each second.
    MessagesPerSecond,
    /// Messages to each second of CPU time.
    MessagesPerCpuSecond,
    /// Connections that were accepted and upgraded, to each second.
    ConnectionsPerSecond,
    /// Steps of a walk to each second.
    StepsPerSecond,
    /// Records to each second of CPU time.
    RecordsPerSecond,
    /// CPU time of a whole process, s.
    CpuSeconds,
}

impl Unit {
    fn symbol(self) -> &'static str {
        match self {
            Self::CpuMicroseconds => "µs",
            Self::Kibibytes => "KiB",
            Self::Mebibytes => "MiB",
            Self::Megabytes => "MB",
            Self::Milliseconds => "ms",
            Self::Percent => "%",
            Self::MessagesPerSecond => "msgs/s",
            Self::MessagesPerCpuSecond => "msgs/CPU s",
            Self::ConnectionsPerSecond => "connections/s",
            Self::StepsPerSecond => "steps/s",
            Self::RecordsPerSecond => "records/s",
            Self::CpuSeconds => "s",
        }
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.symbol())
    }
}

/// What `sockeye` promises.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bar {
    /// The ratio to the reference is this or less.
    RatioAtMost(f64),
    /// The ratio to the reference is this or more.
    RatioAtLeast(f64),
    /// The figure itself is this or less.
    AtMost(f64),
    /// The figure itself is less than this.
    Below(f64),
    /// The figure itself is this or more.
    AtLeast(f64),
    /// The figure is not more than this above the reference's.
    AboveByAtMost(f64),
}

/// Messages per second and latency of one side, medians over the rounds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Pace {
    /// Messages per second.
    pub(crate) rate: f64,
    /// Median latency, µs.
    pub(crate) p50_us: f64,
    /// 99th percentile of the latency, µs.
    pub(crate) p99_us: f64,
}

/// One measured figure of both sides.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    /// What was done, and against which reference.
    pub(crate) case: String,
    /// Unit of both figures.
    pub(crate) unit: Unit,
    /// The reference's figure.
    pub(crate) reference: Summary,
    /// The figure of `sockeye`.
    pub(crate) sockeye: Summary,
    /// The promise, if there is one to this row.
    pub(crate) bar: Option<Bar>,
    /// Reference and `sockeye`, where messages were exchanged.
    pub(crate) pace: Option<[Pace; 2]>,
}

impl Row {
    /// The figure of `sockeye` (median) as a multiple of the reference's.
    pub(crate) fn ratio(&self) -> f64 {
        self.sockeye.median / self.reference.median
    }

    /// Whether the promise is kept; `None` without one. A figure that is not a number keeps none.
    pub(crate) fn met(&self) -> Option<bool> {
        self.bar.map(|bar| match bar {
            Bar::RatioAtMost(most) => self.ratio() <= most,
            Bar::RatioAtLeast(least) => self.ratio() >= least,
            Bar::AtMost(most) => self.sockeye.median <= most,
            Bar::Below(limit) => self.sockeye.median < limit,
            Bar::AtLeast(least) => self.sockeye.median >= least,
            Bar::AboveByAtMost(most) => self.sockeye.median - self.reference.median <= most,
        })
    }

    fn cells(&self) -> [String; COLUMNS] {
        let symbol = self.unit.symbol();
        let figure = |summary: Summary| format!("{} {symbol}", rounded(summary.median));
        let bar = match self.bar {
            Some(Bar::RatioAtMost(most)) => format!("<= {most}x"),
            Some(Bar::RatioAtLeast(least)) => format!(">= {least}x"),
            Some(Bar::AtMost(most)) => format!("<= {most} {symbol}"),
            Some(Bar::Below(limit)) => format!("< {limit} {symbol}"),
            Some(Bar::AtLeast(least)) => format!(">= {least} {symbol}"),
            Some(Bar::AboveByAtMost(most)) => format!("<= +{most} {symbol}"),
            None => "-".to_owned(),
        };
        let verdict = match self.met() {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "-",
        };
        let [rates, latencies] = self
            .pace
            .map_or_else(|| ["-".to_owned(), "-".to_owned()], paces);
        let range = format!(
            "{}-{}",
            rounded(self.sockeye.lowest),
            rounded(self.sockeye.highest)
        );
        [
            self.case.clone(),
            figure(self.reference),
            figure(self.sockeye),
            format!("{:.2}", self.ratio()),
            bar,
            verdict.to_owned(),
            range,
            rates,
            latencies,
        ]
    }
}

const COLUMNS: usize = 9;
const TITLES: [&str; COLUMNS] = [
    "case",
    "reference",
    "sockeye",
    "ratio",
    "bar",
    "verdict",
    "sockeye range",
    "k msgs/s ref | sockeye",
    "p50/p99 µs ref | sockeye",
];

/// The rows as text, columns aligned, two blanks between them, each line ended.
pub(crate) fn render(rows: &[Row]) -> String {
    let mut lines = vec![TITLES.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let mut widths = [0; COLUMNS];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for line in &lines {
        let padded = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:<width$}"));
        text.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Three significant digits, never fewer than the whole part.
pub(crate) fn rounded(value: f64) -> String {
    let decimals = match value.abs() {
        size if size < 10.0 => 2,
        size if size < 100.0 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}")
}

fn paces([reference, sockeye]: [Pace; 2]) -> [String; 2] {
    let rate = |pace: Pace| rounded(pace.rate / 1000.0);
    let latency = |pace: Pace| format!("{}/{}", rounded(pace.p50_us), rounded(pace.p99_us));
    [
        format!("{} | {}", rate(reference), rate(sockeye)),
        format!("{} | {}", latency(reference), latency(sockeye)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(reference: f64, sockeye: f64, unit: Unit, bar: Option<Bar>) -> Row {
        let summary = |median| Summary {
            median,
            lowest: median / 2.0,
            highest: median * 2.0,
        };
        let (reference, sockeye) = (summary(reference), summary(sockeye));
        Row {
            case: "echo".to_owned(),
            unit,
            reference,
            sockeye,
            bar,
            pace: None,
        }
    }

    #[test]
    fn a_bar_is_met_at_the_limit_and_missed_above_it() {
        let met = |sockeye, bar| row(2.0, sockeye, Unit::Milliseconds, Some(bar)).met();
        assert_eq!(met(3.0, Bar::RatioAtMost(1.5)), Some(true));
        assert_eq!(met(3.001, Bar::RatioAtMost(1.5)), Some(false));
        assert_eq!(met(8.0, Bar::AtMost(8.0)), Some(true));
        assert_eq!(met(8.001, Bar::AtMost(8.0)), Some(false));
        assert_eq!(met(49.9, Bar::Below(50.0)), Some(true));
        assert_eq!(met(50.0, Bar::Below(50.0)), Some(false));
        assert_eq!(met(60_000.0, Bar::AtLeast(60_000.0)), Some(true));
        assert_eq!(met(59_999.0, Bar::AtLeast(60_000.0)), Some(false));
        assert_eq!(met(14.0, Bar::AboveByAtMost(12.0)), Some(true));
        assert_eq!(met(14.001, Bar::AboveByAtMost(12.0)), Some(false));
        assert_eq!(row(1.0, 2.0, Unit::Kibibytes, None).met(), None);
    }

    #[test]
    fn a_ratio_that_is_no_number_meets_nothing() {
        let broken = row(0.0, 0.0, Unit::CpuMicroseconds, Some(Bar::RatioAtMost(1.5)));
        assert_eq!(broken.met(), Some(false));
    }

    #[test]
    fn figures_keep_three_digits() {
        assert_eq!(rounded(0.336), "0.34");
        assert_eq!(rounded(52.04), "52.0");
        assert_eq!(rounded(1234.5), "1234");
    }

    #[test]
    fn the_table_is_aligned_and_tells_every_verdict() {
        let mut echo = row(
            0.33,
            0.36,
            Unit::CpuMicroseconds,
            Some(Bar::RatioAtMost(1.5)),
        );
        let pace = Pace {
            rate: 2_900_000.0,
            p50_us: 328.0,
            p99_us: 418.4,
        };
        echo.pace = Some([
            pace,
            Pace {
                rate: 99_900.0,
                ..pace
            },
        ]);
        let rows = [
            echo,
            row(0.5, 9.0, Unit::Kibibytes, Some(Bar::AtMost(8.0))),
            row(2.0, 12.0, Unit::Milliseconds, None),
        ];
        let expected = "\
case  reference  sockeye   ratio  bar       verdict  sockeye range  k msgs/s ref | sockeye  p50/p99 µs ref | sockeye
echo  0.33 µs    0.36 µs   1.09   <= 1.5x   met      0.18-0.72      2900 | 99.9             328/418 | 328/418
echo  0.50 KiB   9.00 KiB  18.00  <= 8 KiB  NOT MET  4.50-18.0      -                       -
echo  2.00 ms    12.0 ms   6.00   -         -        6.00-24.0      -                       -
";
        assert_eq!(render(&rows), expected);
    }
}
