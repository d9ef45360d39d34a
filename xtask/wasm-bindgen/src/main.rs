//! `wasm-bindgen IN.wasm --out-dir DIR --out-name NAME --target web --typescript`, and `wasm-bindgen --version`: what
//! wasm-pack calls. The files are those of wasm-bindgen-cli, byte for byte.

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--version"] {
        println!("wasm-bindgen {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    match generate(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("wasm-bindgen: {why}");
            ExitCode::FAILURE
        }
    }
}

fn generate(arguments: &[String]) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.omit_default_module_path(false); // as the official program: `init()` knows where its module is
    let mut out_dir = None;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("a value is missing after `{argument}`"));
        match argument.as_str() {
            "--out-dir" => out_dir = Some(value()?),
            "--out-name" => _ = bindgen.out_name(value()?),
            "--typescript" => _ = bindgen.typescript(true),
            "--target" => match value()?.as_str() {
                "web" => _ = bindgen.web(true).map_err(|error| error.to_string())?,
                other => return Err(format!("unexpected target `{other}`: this one makes `web`")),
            },
            input if !input.starts_with('-') => _ = bindgen.input_path(input),
            other => return Err(format!("unexpected option `{other}`: this one takes what wasm-pack gives it")),
        }
    }
    let out_dir = out_dir.ok_or("`--out-dir` is missing")?;
    bindgen.generate(out_dir).map_err(|error| format!("{error:?}"))
}
