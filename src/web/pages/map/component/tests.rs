use super::*;
use crate::domain::geo::Place;
use crate::domain::tile_server::TileServer;
use crate::web::pages::map::frame::Size;

/// Names as an attacker would write them.
const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</title></svg><a href=\"javascript:alert(1)\">",
    "'); --\\\" {{ 7 * 7 }} &lt;b&gt;",
    "\u{202e}txet\u{2066}",
];

/// As many huts as a large register has, in the Alps, in a random order that is always the same.
fn huts(count: usize) -> Vec<MapHut> {
    let mut random = fastrand::Rng::with_seed(7);
    let mut hut = |number: usize| {
        let free = random.i16(0..60);
        MapHut {
            slug: format!("hut-{number}"),
            url: format!("/huts/hut-{number}/2026-07-18"),
            name: format!("{} {number}", HOSTILE[number % HOSTILE.len()]),
            words: format!("{free} of 60 free"),
            place: Place {
                latitude: 45.5 + random.f64() * 2.0,
                longitude: 6.0 + random.f64() * 8.0,
            },
            fit: [Fit::Fits, Fit::Full, Fit::Ask, Fit::Closed, Fit::Unknown][random.usize(0..5)],
            free: Some(free),
        }
    };
    (0..count).map(&mut hut).collect()
}

fn map(huts: &[MapHut], query: &str, tiles: Option<&MapTiles>, new_tab: bool) -> String {
    let params = Params::of(&format!("/map?{query}").parse().unwrap()).unwrap();
    let request = MapRequest::read(&params).unwrap();
    let t = Texts::default();
    let context =
        MapContext { params: &params, request: &request, t, tiles, new_tab, places: 4, near: "" };
    MapComponent::new(huts, &context).render().unwrap()
}

/// The values of an attribute, unescaped as far as links need it.
fn attributes(html: &str, name: &str) -> Vec<String> {
    let start = format!(" {name}=\"");
    let parts = html.split(&start).skip(1);
    parts.map(|part| part.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

#[test]
fn hostile_names_stay_text() {
    for query in ["", "bbox=8,46,8.6,46.4", "view=900x600&bbox=8,46,8.6,46.4"] {
        let html = map(&huts(666), query, None, false);
        for code in ["<script", "<img", "javascript:alert(1)\"", "</svg><a", "onerror=alert(1)>"] {
            assert!(!html.contains(code), "{code} in the map of {query}");
        }
        let names = attributes(&html, "aria-label");
        assert!(names.iter().all(|name| !name.contains('<')));
    }
}

#[test]
fn each_hut_is_in_one_mark_and_clusters_lead_to_their_huts() {
    let huts = huts(666);
    let exact = Size { width: 640.0, height: 420.0 };
    let (mut queue, mut opened) = (vec![String::from("view=640x420")], 0);
    while let Some(query) = queue.pop().filter(|_| opened < 60) {
        let html = map(&huts, &query, None, false);
        let single = attributes(&html, "data-hut").len();
        let said = html.split("map-said\">").nth(1).unwrap();
        let all: usize = said.split(' ').next().unwrap().parse().unwrap();
        let clusters: usize = attributes(&html, "aria-label")
            .iter()
            .filter(|label| label.ends_with(": zoom in"))
            .map(|label| label.split(' ').next().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(single + clusters, all, "{query}");
        let links = html.split("class=\"spot cluster").skip(1);
        for link in links.filter_map(|part| part.split("href=\"?").nth(1)) {
            let bbox = link.split('"').next().unwrap().to_owned();
            queue.push(format!("{bbox}&view={}x{}", exact.width, exact.height));
        }
        opened += 1;
    }
    assert!(opened > 20, "{opened} maps");
}

#[test]
fn huts_with_room_are_drawn_last() {
    let html = map(&huts(200), "view=900x600&bbox=9,46,10,46.7", None, false);
    let order = ["unknown", "closed", "full", "ask", "fits"];
    let spots = html.split("class=\"spot ").skip(1).map(|part| part.split('"').next().unwrap());
    let ranks = spots.map(|spot| {
        let fit = spot.trim_start_matches("cluster ");
        order.iter().position(|it| *it == fit).unwrap_or_else(|| panic!("{fit}"))
    });
    let ranks: Vec<usize> = ranks.collect();
    assert!(ranks.is_sorted() && ranks.len() > 10, "{ranks:?}");
}

#[test]
fn tiles_come_from_the_server_of_the_operator_with_their_attribution() {
    let server: TileServer = "https://tiles.example.org/{z}/{x}/{y}.png".parse().unwrap();
    let tiles = MapTiles { server, attribution: "© <Someone>".into() };
    let html = map(&huts(3), "view=640x420", Some(&tiles), false);
    let images = html.split("<image ").skip(1);
    assert!(images.clone().count() >= 4);
    assert!(images.clone().all(|image| image.starts_with("href=\"https://tiles.example.org/")));
    assert!(html.contains("© &#60;Someone&#62;") && !html.contains("Natural Earth"));
    let without = map(&huts(3), "view=640x420", None, false);
    assert!(!without.contains("<image") && without.contains("Natural Earth"));
}

#[test]
fn links_of_an_embedded_map_open_new_tabs() {
    let html = map(&huts(5), "", None, true);
    assert_eq!(
        html.matches("data-hut=").count(),
        html.matches("target=\"_blank\" rel=\"noopener\"").count()
    );
    assert!(!map(&huts(5), "", None, false).contains("_blank"));
}

#[test]
fn a_map_of_many_huts_is_small() {
    for (query, most) in [("", 80_000), ("bbox=8,46,9,46.6", 80_000), ("view=640x420", 60_000)] {
        let html = map(&huts(666), query, None, false);
        assert!(html.len() < most, "{} bytes for {query:?}", html.len());
    }
}
