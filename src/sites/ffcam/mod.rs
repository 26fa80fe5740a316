//! centrale.ffcam.fr (`ffcam`): the booking centre of the French Alpine clubs.

pub mod address;
pub mod name;
pub mod nights;
pub mod page;
pub mod season;
pub mod site;
pub mod structures;
pub mod values;
