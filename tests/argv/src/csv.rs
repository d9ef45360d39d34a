//! Go's `encoding/csv`, as far as one record goes: its reader with nothing set.

/// Reads the first record of `text`; what stands after its line is dropped, as `Read` does.
pub(crate) fn record(text: &str) -> Result<Vec<String>, String> {
    let mut lines = Lines { rest: text };
    let mut line = lines.next().ok_or("EOF")?;
    while line == "\n" {
        line = lines.next().ok_or("EOF")?;
    }
    let mut fields = Vec::new();
    loop {
        let Some(mut quoted) = line.strip_prefix('"').map(str::to_owned) else {
            let (field, rest) = line.split_once(',').map_or((without_end(&line), None), |(a, b)| (a, Some(b)));
            if field.contains('"') {
                return Err("bare \" in non-quoted-field".to_owned());
            }
            fields.push(field.to_owned());
            match rest {
                Some(rest) => line = rest.to_owned(),
                None => return Ok(fields),
            }
            continue;
        };
        let mut field = String::new();
        let rest = loop {
            let Some((before, after)) = quoted.split_once('"') else {
                field.push_str(&quoted);
                quoted = lines.next().ok_or("extraneous or missing \" in quoted-field")?;
                continue;
            };
            field.push_str(before);
            match after.as_bytes() {
                [b'"', ..] => {
                    field.push('"');
                    quoted = after[1..].to_owned();
                }
                [b',', ..] => break Some(after[1..].to_owned()),
                [] | [b'\n'] => break None,
                _ => return Err("extraneous or missing \" in quoted-field".to_owned()),
            }
        };
        fields.push(field);
        match rest {
            Some(rest) => line = rest,
            None => return Ok(fields),
        }
    }
}

fn without_end(line: &str) -> &str {
    line.strip_suffix('\n').unwrap_or(line)
}

/// Lines with their ends: `\r\n` becomes `\n`, and a `\r` before the end of the text goes.
struct Lines<'t> {
    rest: &'t str,
}

impl Iterator for Lines<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(match line.strip_suffix("\r\n") {
            Some(line) => format!("{line}\n"),
            None => line.strip_suffix('\r').unwrap_or(line).to_owned(),
        })
    }
}
