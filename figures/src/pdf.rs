//! The sheet as a page of PDF: strokes stay strokes, letters stay letters with their font.

use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::geom::{Rect, Size};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};

use crate::{Sheet, mm_per_px};

impl Sheet<'_> {
    /// # Errors
    /// A drawing that cannot be read, or that has no size.
    pub fn pdf(&self) -> Result<Vec<u8>, String> {
        let tree = self.tree()?;
        let pt = mm_per_px(self.figure.text_pt) / 25.4 * 72.0;
        let (width, height) = ((self.width * pt) as f32, (self.height * pt) as f32);
        let empty = || "the sheet has no size".to_string();
        let mut document = Document::new();
        let settings = PageSettings::from_wh(width, height).ok_or_else(empty)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let size = Size::from_wh(width, height).ok_or_else(empty)?;
        surface
            .draw_svg(&tree, size, SvgSettings::default())
            .ok_or("the drawing holds what a PDF cannot show")?;
        surface.finish();
        if let Some([x, y, w, h]) = self.pressed.map(|sides| sides.map(|px| (px * pt) as f32))
            && let Some(rect) = Rect::from_xywh(x, y, w, h)
        {
            let action = Action::Link(LinkAction::new(self.figure.link.clone()));
            let link = LinkAnnotation::new(rect, Target::Action(action));
            page.add_annotation(Annotation::new_link(link, None));
        }
        page.finish();
        document.set_metadata(
            Metadata::new()
                .title(self.figure.title.clone())
                .description(self.figure.caption.clone())
                .creator("Tandem".into()),
        );
        document.finish().map_err(|e| format!("{e:?}"))
    }
}
