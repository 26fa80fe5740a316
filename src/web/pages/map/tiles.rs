//! Which tiles of an operator's server cover a frame, and where. Pure functions.

use super::frame::Frame;
use crate::domain::tile_server::{Tile, TileServer};

/// The width of a tile, in CSS pixels at its own scale.
const TILE: f64 = 256.0;

/// How far the tiles are enlarged at most: their names stay sharp enough to be read.
const MAX_ENLARGED: f64 = 1.5;

/// A tile in a view, in CSS pixels from the upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub struct TileImage {
    pub url: String,
    pub x: f64,
    pub y: f64,
    pub size: f64,
}

/// The tiles that cover a frame, row by row.
#[must_use]
pub fn tiles(server: &TileServer, frame: &Frame) -> Vec<TileImage> {
    let zoom = zoom(frame.scale);
    let count = 2_f64.powi(zoom.into());
    let size = frame.scale / count;
    let range = |corner: f64, length: f64| {
        let (first, last) = (corner * count, (corner + length / frame.scale) * count);
        let within = |number: f64| number.floor().clamp(0.0, count - 1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 2^19")]
        let range = within(first) as u32..=within(last) as u32;
        range
    };
    let columns = range(frame.corner.x, frame.size.width);
    let rows = range(frame.corner.y, frame.size.height);
    let tile = |row: u32, column: u32| TileImage {
        url: server.url(Tile { zoom, column, row }),
        x: (f64::from(column) / count - frame.corner.x) * frame.scale,
        y: (f64::from(row) / count - frame.corner.y) * frame.scale,
        size,
    };
    rows.flat_map(|row| columns.clone().map(move |column| (row, column)))
        .map(|(row, column)| tile(row, column))
        .collect()
}

/// The least zoom level whose tiles are not enlarged too much.
fn zoom(scale: f64) -> u8 {
    (0..19).find(|zoom| scale <= TILE * 2_f64.powi((*zoom).into()) * MAX_ENLARGED).unwrap_or(19)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::geo::Bounds;
    use crate::web::pages::map::frame::Size;

    #[test]
    fn the_tiles_cover_the_view_without_gaps() {
        let server: TileServer = "https://tiles.example.org/{z}/{x}/{y}".parse().unwrap();
        let size = Size { width: 640.0, height: 427.0 };
        for span in [0.001, 0.05, 0.5, 3.0, 12.0, 25.0] {
            let bounds =
                Bounds { west: 8.0, south: 45.0, east: 8.0 + span, north: 45.0 + span / 2.0 };
            let frame = Frame::around(&bounds, size);
            let tiles = tiles(&server, &frame);
            assert!((2..40).contains(&tiles.len()), "{} tiles", tiles.len());
            let side = tiles[0].size;
            assert!((TILE * 0.7..=TILE * MAX_ENLARGED).contains(&side), "{side}");
            let (first, last) = (&tiles[0], &tiles[tiles.len() - 1]);
            assert!(first.x <= 0.0 && first.y <= 0.0);
            assert!(last.x + side >= size.width && last.y + side >= size.height);
            let columns = tiles.iter().filter(|tile| (tile.y - first.y).abs() < 1e-6).count();
            for pair in tiles.windows(2).filter(|pair| (pair[0].y - pair[1].y).abs() < 1e-6) {
                assert!((pair[1].x - pair[0].x - side).abs() < 1e-6);
            }
            assert_eq!(tiles.len() % columns, 0);
        }
    }

    #[test]
    fn a_tile_is_requested_where_it_lies() {
        let server: TileServer = "https://tiles.example.org/{z}/{x}/{y}".parse().unwrap();
        let size = Size { width: 256.0, height: 256.0 };
        // The tile 10/536/358, which shows Zürich.
        let bounds = Bounds { west: 8.4376, south: 47.2796, east: 8.7881, north: 47.5164 };
        let urls: Vec<String> = tiles(&server, &Frame::around(&bounds, size))
            .into_iter()
            .map(|tile| tile.url)
            .collect();
        assert!(urls.contains(&"https://tiles.example.org/10/536/358".to_owned()), "{urls:?}");
    }
}
