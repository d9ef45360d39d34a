//! What nobody sends on purpose, and somebody sends.

use serde_json::{Value, json};

use crate::dice::Dice;

const TEXTS: [&str; 27] = [
    "",
    " ",
    "say \"hi\", see k=v",
    "\"quoted\"",
    "a=b,c",
    "-dash",
    "line\nline\r\nline\r",
    "tab\there",
    "\u{1b}[31mred\u{7f}\u{9b}",
    "é ü 冻结 🧊",
    "\u{202e}thgir",
    "\u{feff}mark",
    "null",
    "nul\0byte",
    "{environment}",
    "%s%n 100%",
    "$(touch x)`touch x`",
    "'; drop table freezes; --",
    "<&>\u{2028}\u{2029}",
    "\u{fffd}\u{ffff}",
    "2024-10-31T10.44.48~steve",
    "all",
    "../../etc/passwd",
    "e\u{301}",
    "\\u0000\\",
    "+1 &by=mary;until=never",
    "\u{10ffff}",
];

/// Documents in place of what was asked for.
const DOCUMENTS: [&str; 22] = [
    "",
    " \n",
    "null",
    "[]",
    "{}",
    "\"OK\"",
    "<html><h1>502 Bad Gateway</h1></html>",
    r#"{"message":"Environment named 'prod-aws' does not exist for organization 'acme'"}"#,
    r#"{"message":"Flow named 'prod-aws-nodeploy' does not exist for organization 'acme'"}"#,
    r#"{"name":"prod-aws"}"#,
    r#"{"name":"prod-aws","tags":null}"#,
    r#"{"name":"prod-aws","tags":[]}"#,
    r#"{"name":"staging","tags":{}}"#,
    r#"{"name":"prod-aws","tags":{"nodeploy":""}}"#,
    r#"{"name":"prod-aws","tags":{"nodeploy":false}}"#,
    r#"{"name":"prod-aws","tags":{"nodeploy":null}}"#,
    r#"{"name":"prod-aws","tags":{"team":"a","team":"b"}}"#,
    r#"{"name":"prod-aws","tags":{},"tags":{"nodeploy":"x"}}"#,
    r#"{"name":"prod-aws","tags":{"cost":1e999}}"#,
    r#"{"name":"prod-aws","tags":{"t":"\ud800"}}"#,
    r#"{"data":[],"pagination":{"total":7,"page":1,"per_page":100,"page_count":-1}}"#,
    r#"{"data":[{"name":"x","created_at":18446744073709551616}]}"#,
];

/// Pieces that make JSON something else.
const PIECES: [&[u8]; 26] = [
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\0",
    b"\n",
    b",",
    b":",
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\\",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\"now\":\"2024-10-31T10:44:48Z\",",
    b"1e400",
    b"-0",
    b"18446744073709551616",
    b"NaN",
    b"true",
    b"null",
    b"/*c*/",
    b"{\"type\":\"assert\",\"type\":\"off\"}",
    b"\xf0\x9f\xa7\x8a",
];

pub(crate) fn text(dice: &mut Dice) -> String {
    match dice.roll(12) {
        0 => "x".repeat([199, 200, 201, 256, 257, 8192, 8193][dice.roll(7)]),
        1 => "é".repeat([99, 100, 101, 128, 129, 4097][dice.roll(6)]),
        2 => dice.pick(&TEXTS).to_owned() + dice.pick(&TEXTS),
        _ => dice.pick(&TEXTS).to_owned(),
    }
}

/// Changes a value of the call, or adds one.
pub(crate) fn spoil(dice: &mut Dice, call: &mut Value) {
    match dice.roll(11) {
        0..5 => {
            let names: Vec<String> = call["observed"].as_object().into_iter().flat_map(|o| o.keys()).cloned().collect();
            let name = if names.is_empty() { "environment" } else { &names[dice.roll(names.len())] };
            call["observed"][name] = raw_result(dice);
        }
        5 => call["environment"] = any(dice),
        6 => call["now"] = moment(dice).into(),
        7 => call["settings"][dice.pick(&["org", "tag", "flow"])] = any(dice),
        8 => {
            let keys = ["type", "by", "reason", "until", "id", "freezes", "at", "needs", "days", "ics", "force"];
            call["action"][dice.pick(&keys)] = any(dice);
        }
        9 => spoil_window(dice, call),
        _ => call[dice.pick(&["action", "observed", "settings", "policy", "dry_run", "now"])] = any(dice),
    }
}

/// Changes a value of the policy's first window, or cuts a text short.
fn spoil_window(dice: &mut Dice, call: &mut Value) {
    let Some(Value::Object(window)) = call.pointer_mut("/policy/windows/0") else { return };
    let keys: Vec<String> = window.keys().cloned().collect();
    let key = if dice.one_in(5) { "zone" } else { &keys[dice.roll(keys.len())] };
    let cut = window.get(key).and_then(Value::as_str).filter(|text| dice.one_in(2) && text.is_ascii());
    let value = cut.map(|text| Value::from(&text[..dice.roll(text.len() + 1)]));
    window.insert(key.to_owned(), value.unwrap_or_else(|| any(dice)));
}

/// Changes bytes.
pub(crate) fn garble(dice: &mut Dice, mut text: Vec<u8>) -> Vec<u8> {
    for _ in 0..=dice.roll(2) {
        let at = dice.roll(text.len() + 1);
        match dice.roll(6) {
            0 => text.truncate(at),
            1 => drop(text.splice(at..(at + dice.roll(20)).min(text.len()), [])),
            2 => {
                let depth = [10, 120, 130, 5000][dice.roll(4)];
                let (open, close) = if dice.one_in(2) { ("[", "]") } else { ("{\"a\":", "}") };
                drop(text.splice(at..at, (open.repeat(depth) + "1" + &close.repeat(depth)).into_bytes()));
            }
            3 => text.extend(PIECES[dice.roll(PIECES.len())]),
            _ => drop(text.splice(at..at, PIECES[dice.roll(PIECES.len())].iter().copied())),
        }
    }
    text
}

/// A frozen environment in bytes that are not UTF-8: put right by a guess, most of these would be an open one.
pub(crate) fn not_text() -> Vec<Vec<u8>> {
    let broken: [&[u8]; 6] = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x82", b"\xf4\x90\x80\x80", b"\xfe\xff"];
    let pieces = |bytes: &[u8]| {
        let parts = [
            &br#"{"action":{"type":"assert"},"now":"2024-10-31T10:44:48Z","environment":{"name":"prod-aws"#[..],
            br#"","tags":{"nodeploy"#,
            br#"":"2024-10-31T10.44.48"#,
            br#""}}"#,
            b"}",
        ];
        (0..6)
            .map(|at| {
                let mut parts = parts.to_vec();
                parts.insert(at, bytes);
                parts.concat()
            })
            .collect::<Vec<_>>()
    };
    broken.into_iter().flat_map(pieces).chain([Vec::new()]).collect()
}

fn raw_result(dice: &mut Dice) -> Value {
    let document = dice.pick(&DOCUMENTS);
    match dice.roll(9) {
        0 => json!({"exit_code": 1, "stdout": "", "stderr": format!("Error: {document}\n")}),
        1 => json!({"exit_code": 0, "stdout": document, "stderr": "[warning] old\n"}),
        2 => json!({"exit_code": -1, "stdout": document}),
        3 => {
            let status = [0, 202, 204, 301, 401, 404, 500, 65535][dice.roll(8)];
            json!({"status": status, "body": document})
        }
        4 => json!({"error": text(dice)}),
        5 => json!({"error": "x", "status": 200, "body": document}),
        6 => {
            let status = if dice.one_in(2) { 70_000 } else { -200 };
            json!({"status": status, "body": document})
        }
        _ => json!({"status": 200, "body": document}),
    }
}

fn any(dice: &mut Dice) -> Value {
    match dice.roll(8) {
        0 => Value::Null,
        1 => json!(true),
        2 => [json!(1.5), json!(-0.0), json!(u64::MAX), json!(1e300)][dice.roll(4)].clone(),
        3 => json!([text(dice), []]),
        4 => json!({text(dice): text(dice)}),
        5 => serde_json::from_str(dice.pick(&DOCUMENTS)).unwrap_or_default(),
        _ => text(dice).into(),
    }
}

fn moment(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "2016-12-31T23:59:60Z",
        "2024-02-30T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "+10000-01-01T00:00:00Z",
        "2024-10-31t10:44:48z",
        "2024-10-31 10:44:48",
        "2024-10-31T10:44:48.123456789123+05:30",
        "2024-10-31T24:00:00Z",
        "1730371488",
        "",
    ])
}
