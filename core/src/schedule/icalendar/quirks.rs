//! What a calendar has that is odd, and how it was taken.

/// Each kind with its first line and how often it was met: a calendar of a thousand oddities has a short list,
/// since the kinds are few and written out in the code.
#[derive(Default)]
pub(super) struct Quirks(Vec<(&'static str, usize, usize)>);

impl Quirks {
    pub(super) fn note(&mut self, line: usize, kind: &'static str) {
        match self.0.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, _, times)) => *times += 1,
            None => self.0.push((kind, line, 1)),
        }
    }

    pub(super) fn into_texts(self) -> Vec<String> {
        self.0.iter().map(text).collect()
    }
}

fn text((kind, line, times): &(&'static str, usize, usize)) -> String {
    match times {
        1 => format!("line {line}: {kind}"),
        _ => format!("line {line}: {kind} ({times} times in all)"),
    }
}

#[cfg(test)]
mod tests {
    use super::Quirks;

    #[test]
    fn a_kind_is_told_once() {
        let mut quirks = Quirks::default();
        quirks.note(3, "odd");
        quirks.note(5, "strange");
        quirks.note(9, "odd");
        assert_eq!(quirks.into_texts(), ["line 3: odd (2 times in all)", "line 5: strange"]);
    }
}
