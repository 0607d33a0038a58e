/** The word for the modifier of shortcuts on this machine. */
export const modKey = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';
