// How all figures look: the same colours as on paper, lighter ones on a dark screen (page.css). They stay apart for
// colour-blind eyes and in grey print.

export const PAGE = "var(--page)";
export const INK = "var(--ink)";
export const MUTED = "var(--muted)";
export const FAINT = "var(--line)";
export const GROUND = "var(--ground)";
export const HELD = "var(--held)";
export const BLUE = "var(--blue)";
export const PALE = "var(--pale)";
export const ORANGE = "var(--orange)";

/** What is written on a pale ground that stays pale on a dark screen. */
export const ON_PALE = "#1a1a1a";

export const FONT = 'system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic", sans-serif';

/** From least to most, one hue, ever darker: also right for those who see no colours. The same on a dark screen: what
 * is said of a map, that darker is more, stays true. */
export const STEPS = ["#edf3f9", "#cfe0ef", "#a9cbe8", "#74a9d6", "#3f83be", "#0b5394", "#06305a"];
