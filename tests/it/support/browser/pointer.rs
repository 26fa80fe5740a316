//! Mouse and fingers.

use std::time::Duration;

use fantoccini::actions::{
    Actions, InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction, TouchActions,
    WheelAction, WheelActions,
};

use super::Browser;

impl Browser {
    /// Scrolls the middle of an element into view, and returns it in CSS pixels.
    fn middle(&self, css: &str) -> (f64, f64) {
        let middle = "const it = document.querySelector(arguments[0]);
            it.scrollIntoView({ block: 'center', behavior: 'instant' });
            const box = it.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2];";
        let middle = self.script(middle, &[css.into()]);
        serde_json::from_value::<(f64, f64)>(middle).unwrap()
    }

    /// Turns the wheel over the middle of an element.
    pub fn wheel(&self, css: &str, delta_y: i64) {
        let (x, y) = self.middle(css);
        let (x, y) = (x as i64, y as i64);
        let mut actions = WheelActions::new("wheel".into());
        actions.push(WheelAction::Scroll { duration: None, x, y, delta_x: 0, delta_y });
        self.wait(self.client().perform_actions(actions));
    }

    /// Drags the middle of an element with the mouse.
    pub fn drag(&self, css: &str, (x, y): (f64, f64)) {
        let actions = MouseActions::new("mouse".into());
        self.wait(self.client().perform_actions(stroke(actions, self.middle(css), (x, y))));
    }

    /// Moves a finger that begins in the middle of an element.
    pub fn swipe(&self, css: &str, by: (f64, f64)) {
        let actions = TouchActions::new("finger".into());
        self.wait(self.client().perform_actions(stroke(actions, self.middle(css), by)));
    }

    /// Taps the middle of an element with a finger.
    pub fn tap(&self, css: &str) {
        self.swipe(css, (0.0, 0.0));
    }

    /// Moves two fingers from 20 pixels left and right of the middle of an element away from each other.
    pub fn spread(&self, css: &str, by: f64) {
        let (x, y) = self.middle(css);
        let finger = |name: &str, side: f64| {
            stroke(TouchActions::new(name.into()), (x + side * 20.0, y), (side * by, 0.0))
        };
        let actions = Actions::from(finger("left", -1.0)).and(finger("right", 1.0));
        self.wait(self.client().perform_actions(actions));
    }
}

/// Presses a pointer at a point, moves it in some steps, and releases it.
fn stroke<T: InputSource<Action = PointerAction>>(
    pointer: T,
    from: (f64, f64),
    by: (f64, f64),
) -> T {
    const STEPS: i32 = 5;
    let move_to = |x, y| PointerAction::MoveTo { duration: Some(Duration::from_millis(20)), x, y };
    let pressed = pointer
        .then(move_to(from.0, from.1))
        .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
    let steps = (1..=STEPS).map(|step| f64::from(step) / f64::from(STEPS));
    let moved = steps.fold(pressed, |pointer, part| {
        pointer.then(move_to(from.0 + by.0 * part, from.1 + by.1 * part))
    });
    moved.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT })
}
