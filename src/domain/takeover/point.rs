//! Parses the point of a hut: EWKB, as PostGIS stores it, in hexadecimal digits.

/// Flags of the geometry's type.
const HAS_Z: u32 = 0x8000_0000;
const HAS_M: u32 = 0x4000_0000;
const HAS_SRID: u32 = 0x2000_0000;
const POINT: u32 = 1;
/// Degrees, WGS84. A point without an SRID is taken for one.
const WGS84: u32 = 4326;

/// Degrees, WGS84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

/// Parses a point in either byte order, with or without an SRID. An altitude and a measure are ignored. None for the
/// empty point.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_point(text: &str) -> Result<Option<Point>, String> {
    // `\x` is how PostgreSQL writes bytes.
    let digits = text.strip_prefix("\\x").unwrap_or(text);
    let bytes = bytes_of(digits).ok_or("it is not in pairs of hexadecimal digits")?;
    let (order, rest) = bytes.split_first().ok_or("it is empty")?;
    let is_little_endian = match order {
        0 => false,
        1 => true,
        other => return Err(format!("its byte order is {other}, and must be 0 or 1")),
    };
    let mut reader = Reader { rest, is_little_endian };
    let kind = reader.u32()?;
    let srid = if kind & HAS_SRID == 0 { WGS84 } else { reader.u32()? };
    // ISO writes 1001 for a point with an altitude, and PostGIS sets a flag.
    let shape = kind & !(HAS_Z | HAS_M | HAS_SRID);
    if shape % 1000 != POINT || shape / 1000 > 3 {
        return Err(format!("it is a geometry of type {shape}, not a point"));
    }
    if srid != WGS84 {
        return Err(format!("its SRID is {srid}, and must be {WGS84}"));
    }
    let (longitude, latitude) = (reader.f64()?, reader.f64()?);
    if longitude.is_nan() && latitude.is_nan() {
        return Ok(None);
    }
    let extra = usize::from(kind & HAS_Z != 0 || matches!(shape / 1000, 1 | 3))
        + usize::from(kind & HAS_M != 0 || matches!(shape / 1000, 2 | 3));
    for _ in 0..extra {
        reader.f64()?;
    }
    if !reader.rest.is_empty() {
        return Err(format!("{} bytes follow the point", reader.rest.len()));
    }
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Err(format!("{latitude}, {longitude} is not a latitude and a longitude"));
    }
    Ok(Some(Point { latitude, longitude }))
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect()
}

struct Reader<'a> {
    rest: &'a [u8],
    is_little_endian: bool,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or("it ends too early")?;
        self.rest = rest;
        Ok(*bytes)
    }

    fn u32(&mut self) -> Result<u32, String> {
        let bytes = self.take()?;
        Ok(if self.is_little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn f64(&mut self) -> Result<f64, String> {
        let bytes = self.take()?;
        Ok(if self.is_little_endian {
            f64::from_le_bytes(bytes)
        } else {
            f64::from_be_bytes(bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A point in EWKB.
    fn ewkb(is_little_endian: bool, kind: u32, srid: Option<u32>, values: &[f64]) -> String {
        let mut bytes = vec![u8::from(is_little_endian)];
        let mut word = |word: u32| {
            bytes.extend(if is_little_endian { word.to_le_bytes() } else { word.to_be_bytes() });
        };
        word(kind);
        srid.into_iter().for_each(&mut word);
        for value in values {
            bytes.extend(if is_little_endian { value.to_le_bytes() } else { value.to_be_bytes() });
        }
        bytes.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    #[test]
    fn a_point_of_postgis_is_parsed() {
        // SELECT ST_SetSRID(ST_MakePoint(7.5, 46.25), 4326)
        let text = "0101000020E61000000000000000001E400000000000204740";
        let point = Some(Point { latitude: 46.25, longitude: 7.5 });
        assert_eq!(parse_point(text), Ok(point));
        assert_eq!(parse_point(&format!("\\x{}", text.to_lowercase())), Ok(point));
    }

    #[test]
    fn altitudes_and_measures_are_ignored() {
        let point = Ok(Some(Point { latitude: 46.25, longitude: 7.5 }));
        for (kind, values) in [
            (HAS_Z | 1, &[7.5, 46.25, 2100.0][..]),
            (HAS_M | 1, &[7.5, 46.25, 1.0]),
            (HAS_Z | HAS_M | 1, &[7.5, 46.25, 2100.0, 1.0]),
            (1001, &[7.5, 46.25, 2100.0]),
            (3001, &[7.5, 46.25, 2100.0, 1.0]),
        ] {
            assert_eq!(parse_point(&ewkb(false, kind, None, values)), point);
            assert_eq!(parse_point(&ewkb(true, kind | HAS_SRID, Some(4326), values)), point);
        }
        assert_eq!(parse_point(&ewkb(true, 1, None, &[f64::NAN, f64::NAN])), Ok(None));
    }

    #[test]
    fn what_is_no_point_is_refused_with_its_reason() {
        let error = |text: &str| parse_point(text).unwrap_err();
        assert_eq!(error(""), "it is empty");
        assert_eq!(error("010"), "it is not in pairs of hexadecimal digits");
        assert_eq!(error("POINT(7 46)"), "it is not in pairs of hexadecimal digits");
        assert_eq!(error("02"), "its byte order is 2, and must be 0 or 1");
        assert_eq!(error("0101000000"), "it ends too early");
        assert_eq!(error(&ewkb(true, 2, None, &[])), "it is a geometry of type 2, not a point");
        let swiss = ewkb(true, HAS_SRID | 1, Some(2056), &[2_600_000.0, 1_200_000.0]);
        assert_eq!(error(&swiss), "its SRID is 2056, and must be 4326");
        let far = ewkb(true, 1, None, &[46.0, 91.0]);
        assert_eq!(error(&far), "91, 46 is not a latitude and a longitude");
        assert_eq!(error(&ewkb(true, 1, None, &[7.0, 46.0, 1.0])), "8 bytes follow the point");
    }

    proptest! {
        #[test]
        fn every_point_is_read_back(
            latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64,
            is_little_endian: bool, with_srid: bool, with_z: bool,
        ) {
            let srid_flag = if with_srid { HAS_SRID } else { 0 };
            let kind = 1 | srid_flag | if with_z { HAS_Z } else { 0 };
            let values = [longitude, latitude, 0.0];
            let values = if with_z { &values[..] } else { &values[..2] };
            let text = ewkb(is_little_endian, kind, with_srid.then_some(4326), values);
            prop_assert_eq!(parse_point(&text), Ok(Some(Point { latitude, longitude })));
        }

        #[test]
        fn no_text_causes_a_panic(text in "(0[01])?[0-9a-fA-F\\\\x]{0,60}|\\PC{0,20}") {
            let _ = parse_point(&text);
        }
    }
}
