//! What the address of a page asks of its map. Pure functions.

use super::frame::{Size, within_limits};
use crate::domain::geo::Bounds;
use crate::web::pages::params::Params;
use crate::web::problem::Problem;

/// The least and the greatest side of a view, in CSS pixels.
const MIN_SIDE: u16 = 150;
const MAX_SIDE: u16 = 3_000;

/// The parameters `bbox` and `view`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MapRequest {
    /// What the map shows; none fits it to its huts.
    pub bounds: Option<Bounds>,
    /// The size for which the script asks for the map alone; none for a whole page.
    pub view: Option<Size>,
}

impl MapRequest {
    /// Parses the parameters of a URL.
    ///
    /// # Errors
    /// A parameter is not valid; the problem names it.
    pub fn read(params: &Params) -> Result<Self, Problem> {
        Ok(Self {
            bounds: params.parsed("bbox", str::parse::<Bounds>)?.map(within_limits),
            view: params.parsed("view", size)?,
        })
    }
}

fn size(text: &str) -> Result<Size, String> {
    let side = |text: &str| text.parse().ok().filter(|it| (MIN_SIDE..=MAX_SIDE).contains(it));
    let sides = text.split_once('x').and_then(|(width, height)| side(width).zip(side(height)));
    let size = |(width, height): (u16, u16)| Size { width: width.into(), height: height.into() };
    sides.map(size).ok_or_else(|| {
        format!("expected a width and a height from {MIN_SIDE} to {MAX_SIDE} pixels, such as 640x420, got {text:?}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<MapRequest, String> {
        let params = Params::of(&format!("/map?{query}").parse().unwrap()).unwrap();
        MapRequest::read(&params).map_err(|problem| problem.detail)
    }

    #[test]
    fn a_page_may_name_what_its_map_shows() {
        assert_eq!(read(""), Ok(MapRequest::default()));
        let alps = Bounds { west: 7.0, south: 45.5, east: 8.0, north: 46.5 };
        let view = Size { width: 366.0, height: 402.0 };
        let request = MapRequest { bounds: Some(alps), view: Some(view) };
        assert_eq!(read("bbox=7,45.5,8,46.5&view=366x402"), Ok(request));
    }

    #[test]
    fn a_bad_parameter_is_named_and_quoted() {
        assert!(read("bbox=7,45").unwrap_err().starts_with("bbox: expected minLon,minLat"));
        for view in ["640", "640x", "0x400", "640x9999", "-1x400", "640x400x1", "NaNx400"] {
            let error = read(&format!("view={view}")).unwrap_err();
            assert!(
                error.starts_with("view: expected a width") && error.contains(&format!("{view:?}")),
                "{error}"
            );
        }
    }
}
