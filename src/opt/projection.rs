use super::{Limit, Model, Var};
pub struct Face {
    pub terms: Vec<(Var, f64)>,
    pub upper: f64,
    pub sources: Vec<(Limit, f64)>,
}
pub struct Projection {
    pub faces: Vec<Face>,
}
pub fn project(_: &Model, _: &[Var], _: usize) -> Result<Projection, String> {
    Ok(Projection { faces: Vec::new() })
}
pub fn corners_2d(_: &Projection) -> Result<Vec<(f64, f64)>, String> {
    Ok(Vec::new())
}
