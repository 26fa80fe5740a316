//! The commands of the two programs, one file per subcommand. Here are also the configuration, which is made
//! of arguments and environment, the demo, and `main`, which runs the commands.

pub mod channels;
mod clock;
pub mod config;
pub mod copy;
pub mod demo;
pub mod distribute;
pub mod hut;
pub mod huts_discover;
pub mod huts_facts;
pub mod huts_import;
pub mod huts_link;
pub mod huts_list;
pub mod huts_set;
pub mod huts_show;
pub mod main;
pub mod map;
pub mod migrate;
pub mod notify;
pub mod process;
mod prune;
pub mod repair;
pub mod serve;
pub mod simulate;
pub mod status;
pub mod stays;
pub mod trend;
pub mod update;
pub mod update_every;
mod update_notifier;
pub mod verify;
pub mod watches;
pub mod watches_add;
pub mod watches_apply;
pub mod watches_list;
pub mod watches_set;
pub mod watches_test;
