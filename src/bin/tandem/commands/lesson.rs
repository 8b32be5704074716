//! A lesson told in the terminal, or what is wrong with it.

use std::io::Write;

use clap::Args;
use tandem::report::{Guess, Report, Status};

use super::Asked;
use crate::spaces::Plain;
use crate::{Stop, solved};

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    asked: Asked,
}

pub(crate) fn execute(arguments: &Arguments, out: &mut impl Write) -> Result<Status, Stop> {
    let session = solved(&arguments.asked)?;
    let problems = session.lesson_problems()?;
    if !problems.is_empty() {
        return Err(Stop::Input(problems));
    }
    let report = session.report()?;
    print(&report, out)?;
    Ok(report.status)
}

fn print(report: &Report, out: &mut impl Write) -> std::io::Result<()> {
    let out = &mut Plain(out);
    writeln!(
        out,
        "{}\n{}\n{}",
        report.title, report.question, report.situation
    )?;
    let Some(lesson) = &report.lesson else {
        return writeln!(out, "\nThere is no lesson with it.");
    };
    if let Some(predict) = &lesson.predict {
        writeln!(out, "\nPredict: {}", predict.ask)?;
        match &predict.guess {
            Guess::Choose { choices } => {
                for own in choices {
                    let mark = if own.right { '*' } else { ' ' };
                    writeln!(out, "{mark} {}\n    {}", own.say, own.reply)?;
                }
            }
            Guess::Number { reply, .. } | Guess::Sketch { reply, .. } => {
                writeln!(out, "* {reply}")?
            }
        }
    }
    for (k, step) in lesson.steps.iter().enumerate() {
        writeln!(out, "\nTry {}: {}", k + 1, step.say)?;
        for (path, value) in &step.change {
            writeln!(out, "    --set {path}={value}")?;
        }
    }
    for text in &lesson.why {
        writeln!(out, "\nWhy: {text}")?;
    }
    for next in &lesson.next {
        writeln!(
            out,
            "\nNext: {} ({}). {}",
            next.title, next.id, next.question
        )?;
    }
    Ok(())
}
