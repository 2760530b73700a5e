//! Line by line: a process that is kept open and answers each line of its
//! input, for editors and web apps.
//!
//! - Each line gets one answer or one error, in order, and the output is
//!   flushed after it: a program that writes a line can wait for its answer.
//! - Before each line a look at two small files says whether the index was
//!   written to since; then the new commit is searched.
//! - Whatever comes in, it goes on: a line that is too long, or no UTF-8, or
//!   that the index cannot answer, is an error for this line alone. If a new
//!   commit cannot be opened, this is said once, and what was opened before
//!   answers on.
//! - Memory is bounded by the longest line and the largest answer.
//!
//! It ends when the input does, or nobody reads the output any more.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use svod_query::{QueryError, with_causes};
use svod_render::ask::{self, Fault};

use super::Session;
use crate::arguments::Format;
use crate::error::{CliError, FOUND};

/// Longer lines are not kept: no query and no request is as long.
const LONGEST: usize = 1 << 20;
/// The bytes of the space for an answer that are kept for the next.
const KEPT: usize = 1 << 20;

/// Why a line was not answered.
#[derive(Debug, thiserror::Error)]
enum LineError {
    #[error("the line is longer than {LONGEST} bytes")]
    TooLong,
    #[error("the line is not UTF-8 (at byte {})", .0 + 1)]
    NotUtf8(usize),
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error("cannot see what was written to the index since, and searches what it was before")]
    Reload(#[source] QueryError),
    #[error("answering stopped: an error of svod")]
    Stopped,
}

impl LineError {
    /// Returns what is at fault.
    fn fault(&self) -> Fault {
        match self {
            LineError::TooLong | LineError::NotUtf8(_) => Fault::Request,
            LineError::Query(_) | LineError::Reload(_) | LineError::Stopped => Fault::Index,
        }
    }
}

impl Session<'_> {
    /// Answers each line of the file, or of standard input, and returns the exit code.
    pub(crate) fn answer_lines(&self, out: &mut dyn Write, stderr: &mut dyn Write) -> Result<u8, CliError> {
        let Some(path) = self.arguments.requests.as_deref().or(self.arguments.queries.as_deref()) else {
            return Ok(FOUND);
        };
        let failed = |source| CliError::Queries { path: path.to_owned(), source };
        let mut lines = Lines::new(open(path).map_err(failed)?);
        let mut told = None;
        let mut answer = Answer::default();
        if self.arguments.requests.is_none() {
            self.write_start(out, None)?;
        }
        for number in 0.. {
            let Some(line) = lines.next().map_err(failed)? else { break };
            let known = line.as_ref().ok().copied();
            let answered = match line.and_then(|line| self.look_for_commit(&mut told).map(|()| line)) {
                Ok(line) => self.answer_line(number, line, &mut answer)?,
                Err(error) => Err(error),
            };
            if let Err(error) = answered {
                answer = Answer::default();
                self.write_line_error(number, known, &error, &mut answer)?;
            }
            answer.hand_over(out, stderr)?;
        }
        if self.arguments.requests.is_none() {
            self.write_end(out)?;
        }
        Ok(FOUND)
    }

    /// Sees what was written to the index since. That this is not possible is an error once; `told` keeps it.
    fn look_for_commit(&self, told: &mut Option<String>) -> Result<(), LineError> {
        let Err(error) = self.index.reload() else {
            *told = None;
            return Ok(());
        };
        let message = Some(with_causes(&error));
        if *told == message {
            return Ok(());
        }
        *told = message;
        Err(LineError::Reload(error))
    }

    /// Answers a line. An error of the program itself ends all; one of this line does not.
    fn answer_line(&self, number: usize, line: &str, answer: &mut Answer) -> Result<Result<(), LineError>, CliError> {
        let answered = catch_unwind(AssertUnwindSafe(|| match self.arguments.requests {
            Some(_) => Ok(ask::answer(line, self.index, number, &mut answer.out).map(|_| ())?),
            None => {
                self.write_between(&mut answer.out, number, line)?;
                self.answer(number, line, &mut answer.out, &mut answer.remarks).map(|_| ())
            }
        }));
        match answered {
            Ok(Err(CliError::Query(error))) => Ok(Err(error.into())),
            Ok(answered) => answered.map(Ok),
            Err(_) => Ok(Err(LineError::Stopped)),
        }
    }

    /// Says why a line was not answered: to programs on a line of the output, to people beside it.
    fn write_line_error(
        &self,
        number: usize,
        line: Option<&str>,
        error: &LineError,
        answer: &mut Answer,
    ) -> io::Result<()> {
        let message = with_causes(error);
        if self.arguments.requests.is_some() || self.arguments.format() == Format::Json {
            let request = line.filter(|_| self.arguments.requests.is_some());
            return ask::write_error(&mut answer.out, number, request, error.fault(), &message);
        }
        writeln!(answer.remarks, "error: line {}: {}", number + 1, svod_query::printable(&message))
    }
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(BufReader::new(File::open(path)?)))
}

/// The answer to a line, handed over as a whole.
#[derive(Default)]
struct Answer {
    out: Vec<u8>,
    remarks: Vec<u8>,
}

impl Answer {
    fn hand_over(&mut self, out: &mut dyn Write, stderr: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.out)?;
        out.flush()?;
        stderr.write_all(&self.remarks)?;
        for written in [&mut self.out, &mut self.remarks] {
            written.clear();
            written.shrink_to(KEPT);
        }
        Ok(())
    }
}

/// The lines of an input.
struct Lines<I> {
    input: I,
    line: Vec<u8>,
    is_first: bool,
}

impl<I: BufRead> Lines<I> {
    fn new(input: I) -> Lines<I> {
        Lines { input, line: Vec::new(), is_first: true }
    }

    /// Returns the next line without its end, or why it cannot be answered; none at the end of the input.
    fn next(&mut self) -> io::Result<Option<Result<&str, LineError>>> {
        let Some(length) = self.read()? else { return Ok(None) };
        let is_first = std::mem::take(&mut self.is_first);
        if length > LONGEST {
            return Ok(Some(Err(LineError::TooLong)));
        }
        let read = std::str::from_utf8(&self.line).map_err(|error| LineError::NotUtf8(error.valid_up_to()));
        let line = read.map(|line| line.strip_suffix('\n').unwrap_or(line)).map(|line| line.trim_end_matches('\r'));
        Ok(Some(line.map(|line| if is_first { line.strip_prefix('\u{feff}').unwrap_or(line) } else { line })))
    }

    /// Reads a line to its end, keeps no more of it than is wanted, and returns its length.
    fn read(&mut self) -> io::Result<Option<usize>> {
        self.line.clear();
        let mut length = 0;
        loop {
            let read = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if read.is_empty() {
                return Ok((length > 0).then_some(length));
            }
            let end = read.iter().position(|&byte| byte == b'\n').map(|at| at + 1);
            let part = &read[..end.unwrap_or(read.len())];
            length += part.len();
            if length <= LONGEST {
                self.line.extend_from_slice(part);
            }
            let used = part.len();
            self.input.consume(used);
            if end.is_some() {
                return Ok(Some(length));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8], buffer: usize) -> Vec<Result<String, String>> {
        let mut lines = Lines::new(BufReader::with_capacity(buffer, input));
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push(line.map(str::to_owned).map_err(|error| error.to_string()));
        }
        assert!(lines.line.capacity() <= 2 * LONGEST);
        read
    }

    #[test]
    fn lines_are_read_one_by_one_whatever_is_in_them() {
        let ok = |line: &str| Ok(line.to_owned());
        let error = |message: &str| Err(message.to_owned());
        for (input, expected) in [
            (&b""[..], vec![]),
            ("停火\nмир\r\nwar".as_bytes(), vec![ok("停火"), ok("мир"), ok("war")]),
            ("\u{feff}停火\n\u{feff}мир\n".as_bytes(), vec![ok("停火"), ok("\u{feff}мир")]),
            (b"\n\r\n\0\n", vec![ok(""), ok(""), ok("\0")]),
            (b"a\n\xcd\xa3\xbb\xf0\nb", vec![ok("a"), error("the line is not UTF-8 (at byte 3)"), ok("b")]),
            (b"war\xff", vec![error("the line is not UTF-8 (at byte 4)")]),
        ] {
            for buffer in 1..8 {
                assert_eq!(lines(input, buffer), expected, "{input:?}");
            }
        }
    }

    #[test]
    fn endless_lines_are_not_kept() {
        let long = [vec![b'a'; 3 * LONGEST], b"\n".to_vec(), vec![b'b'; LONGEST - 1], b"\nwar\n".to_vec()].concat();
        let read = lines(&long, 8 << 10);
        assert_eq!(read[0], Err("the line is longer than 1048576 bytes".to_owned()));
        assert_eq!(read[1].as_ref().map(String::len), Ok(LONGEST - 1));
        assert_eq!(read[2..], [Ok("war".to_owned())]);
    }
}
