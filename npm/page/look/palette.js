// The colours, by what they are for; the same of a picture and of a page. `…Soft` is under `…Ink`.
export const LIGHT = {
  paper: '#ffffff', panel: '#f6f8fa', ink: '#1f2328', muted: '#59636e', line: '#d1d9e0', grid: '#e8ecf0', weekend: '#f3f5f8', stripe: '#fafbfc', accent: '#0969da',
  freeze: '#c4222f', freezeInk: '#ffffff', endedSoft: '#f7d4d6', ended: '#b8565e', endedInk: '#6b1119', overdueSoft: '#fff1c9', overdue: '#8a5a00', overdueInk: '#5c3b00',
  windowSoft: '#eae4fb', window: '#7a5bc7', windowInk: '#3c2286', closedSoft: '#e9edf1', closed: '#6e7781', closedInk: '#2f363d', allowSoft: '#dff5e4', allow: '#2c8a45', allowInk: '#0f4a20',
  exception: '#0969da', passed: '#1a7f37', refused: '#a40e26', deployed: '#3d5a80', uncertain: '#8a5a00', alarm: '#b3009b', alarmInk: '#ffffff', now: '#0969da',
};

export const DARK = {
  paper: '#0d1117', panel: '#161b22', ink: '#e6edf3', muted: '#9aa4af', line: '#3a424c', grid: '#20262e', weekend: '#141a22', stripe: '#10151c', accent: '#6cb1ff',
  freeze: '#ff7b72', freezeInk: '#2b0406', endedSoft: '#4a1d22', ended: '#d0747b', endedInk: '#ffd9db', overdueSoft: '#3d2e05', overdue: '#e3b341', overdueInk: '#ffe9a8',
  windowSoft: '#2b2150', window: '#a58bec', windowInk: '#e3d8ff', closedSoft: '#242b33', closed: '#8b949e', closedInk: '#d5dbe1', allowSoft: '#10301a', allow: '#4fbf69', allowInk: '#c6f3d0',
  exception: '#6cb1ff', passed: '#56d364', refused: '#ff8f87', deployed: '#a5bfe0', uncertain: '#e3b341', alarm: '#ff7be5', alarmInk: '#33002c', now: '#6cb1ff',
};
