//! Keeps a container engine for a suite of tests: prints its address, and stops it when its own standard
//! input ends. The only argument is the folder for the engine's data, which stays.

#[cfg(unix)]
fn main() -> std::io::Result<()> {
    use std::io::Read;

    let data = std::env::args_os().nth(1);
    let data = data.ok_or_else(|| std::io::Error::other("test-engine DATA"))?;
    let engine = ha_testkit::engine::PrivateEngine::start_with(data.as_ref())?;
    println!("{}", engine.host());
    // Ends when whoever started this closes it, or is gone.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    drop(engine);
    Ok(())
}

#[cfg(not(unix))]
fn main() -> std::io::Result<()> {
    Err(std::io::Error::other("it needs Linux"))
}
