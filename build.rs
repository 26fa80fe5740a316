//! Diesel compiles the migrations in; cargo would not notice that one has changed.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
