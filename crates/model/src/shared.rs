//! What several detectors of one kind of evidence need and only one of them should have to make.

use crate::Result;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// What detectors that look at the same evidence made of it, one after the other in one run: of each type one thing,
/// made by who asks first.
///
/// You may rely on: what is made is a function of the observations and the configuration alone, for it is handed to the
/// next detector without asking; it lives as long as the run looks at this evidence. Left out: findings, which pass through the case.
#[derive(Default)]
pub struct Shared(RefCell<Vec<Rc<dyn Any>>>);

impl Shared {
    /// The thing of this type, made now if nobody has.
    pub fn get<T: Any>(&self, make: impl FnOnce() -> Result<T>) -> Result<Rc<T>> {
        let known = self.0.borrow().iter().find_map(|thing| thing.clone().downcast::<T>().ok());
        if let Some(known) = known {
            return Ok(known);
        }
        // Not borrowed while it is made: what makes it may ask for something else.
        let made = Rc::new(make()?);
        self.0.borrow_mut().push(made.clone());
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    #[test]
    fn each_type_is_made_once() {
        let shared = Shared::default();
        assert!(shared.get(|| Err::<u32, Error>(Error::new("no"))).is_err());
        assert_eq!(*shared.get(|| Ok(1u32)).unwrap(), 1);
        assert_eq!(*shared.get(|| Ok("text")).unwrap(), "text");
        assert_eq!(*shared.get(|| -> Result<u32> { unreachable!("made already") }).unwrap(), 1);
    }
}
