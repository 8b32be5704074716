use super::Model;
pub struct Explanation {
    pub relaxations: Vec<(String, f64)>,
    pub cures: Vec<(String, f64)>,
}
impl Explanation {
    pub fn relaxations(&self) -> impl Iterator<Item = (&str, f64)> {
        self.relaxations.iter().map(|(n, b)| (n.as_str(), *b))
    }
    pub fn single_cures(&self) -> impl Iterator<Item = (&str, f64)> {
        self.cures.iter().map(|(n, b)| (n.as_str(), *b))
    }
}
pub fn explain(_model: &Model) -> Explanation {
    Explanation {
        relaxations: vec![],
        cures: vec![],
    }
}
