// How all figures look: the same colours as on paper. They stay apart for colour-blind eyes and in grey print.

export const INK = "#1a1a1a";
export const MUTED = "#5c5c5c";
export const FAINT = "#d9d9d9";
export const GROUND = "#f3f3f3";
export const BLUE = "#0b5394";
export const PALE = "#a9cbe8";
export const ORANGE = "#b85c00";

export const FONT = 'system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic", sans-serif';

/** From least to most, one hue, ever darker: also right for those who see no colours. */
export const STEPS = ["#edf3f9", "#cfe0ef", "#a9cbe8", "#74a9d6", "#3f83be", "#0b5394", "#06305a"];
