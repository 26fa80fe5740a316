//! Pure: one number of a pair of coordinates.

/// A number, and how many digits were typed before and after its decimal point.
#[derive(Clone, Copy)]
pub struct Number {
    pub value: f64,
    pub whole: usize,
    pub decimals: usize,
}

impl Number {
    /// Reads a number with a point, a comma, or several of one kind as thousands separators.
    pub fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(['.', ',']).collect();
        if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
            return None;
        }
        let (whole, decimals) = match parts.as_slice() {
            [whole] => ((*whole).to_owned(), ""),
            [whole, decimals] => ((*whole).to_owned(), *decimals),
            [_, thousands @ ..] => {
                let is_grouped = thousands.iter().all(|part| part.len() == 3)
                    && !(text.contains('.') && text.contains(','));
                (is_grouped.then(|| parts.concat())?, "")
            }
            [] => return None,
        };
        let value = format!("{whole}.{decimals}").parse().ok()?;
        Some(Self { value, whole: whole.len(), decimals: decimals.len() })
    }
}

/// Reads a number with thousands separators: `46.5`, `592'125`, `592 125`, `2'754'232'`.
pub fn grouped(text: &str) -> Option<Number> {
    let groups: Vec<&str> = text.split(['\'', ' ']).filter(|group| !group.is_empty()).collect();
    let (_, before_last) = groups.split_last()?;
    let is_thousands = |group: &&str| group.split(['.', ',']).next().is_some_and(|g| g.len() == 3);
    let is_grouped = groups.iter().skip(1).all(is_thousands)
        && before_last.iter().all(|group| !group.contains(['.', ',']));
    if is_grouped { Number::read(&groups.concat()) } else { None }
}

/// Reads `degrees° minutes' seconds"`. Only the last given part may have decimals. The quotes may be
/// missing, or both be single.
pub fn sexagesimal(degrees: &str, rest: &str) -> Option<Number> {
    let is_in_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let (minutes, rest) = rest.split_at(rest.find(|c| !is_in_number(c)).unwrap_or(rest.len()));
    if rest.starts_with('"') {
        return None;
    }
    let seconds = rest.trim_matches(['\'', '"', ' ', ',']);
    let fields = [degrees.trim_end(), minutes, seconds];
    let last = fields.iter().rposition(|field| !field.is_empty())?;
    let (mut value, mut unit) = (0.0, 1.0);
    for (at, field) in fields[..=last].iter().enumerate() {
        let number = Number::read(field)?;
        if (at > 0 && number.value >= 60.0) || (at < last && number.decimals > 0) {
            return None;
        }
        value += number.value * unit;
        unit /= 60.0;
    }
    // The degree sign rules out a grid, so the digits do not matter.
    Some(Number { value, whole: 0, decimals: 0 })
}
