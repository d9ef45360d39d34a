//! Kosli's list of flows: `kosli list flows --output json` without paging flags, one array.

use crate::text::object;

use super::record::elements;

/// The names of all of them. One without a name may be anybody's, so none of them may lack it.
pub(crate) fn names(document: &str) -> Result<Vec<String>, String> {
    elements(document)?.iter().map(|flow| object::name(flow.get())).collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn all_of_them_or_none() {
        assert_eq!(names(r#"[{"name":"a","template":"x"},{"id":1,"name":"b"}]"#), Ok(vec!["a".into(), "b".into()]));
        assert_eq!(names("[]"), Ok(Vec::new()));
        for text in ["", "null", "{}", r#"{"data":[{"name":"a"}]}"#, r#"[{"name":"a"},null]"#, r#"[{"error":"x"}]"#] {
            assert!(names(text).is_err(), "{text}");
        }
    }
}
