// Keys of the command registry (`Mod+Shift+Enter`): how they are matched and how they are shown.

const onMac = () => /mac/i.test(navigator.platform);

const SHOWN: Record<string, string> = { Escape: 'Esc', Enter: '↵', Backquote: '`', Comma: ',' };
const SHOWN_MAC: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };

/** The caps of a key, for example `Ctrl`, `↵`. */
export function keyParts(key: string): string[] {
  return key.split('+').map((part) => {
    const modifier = onMac() ? SHOWN_MAC[part] : part === 'Mod' ? 'Ctrl' : undefined;
    return modifier ?? SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

// What an input method or a layout prints instead of the sign the registry names.
const SAME: Record<string, string> = {
  '`': 'Backquote',
  '·': 'Backquote',
  ',': 'Comma',
  '，': 'Comma',
  '？': '?',
};

/** The name a key press has in the registry. */
export function keyOf(event: KeyboardEvent): string {
  const mod = onMac() ? event.metaKey : event.ctrlKey;
  const printed = SAME[event.key] ?? event.key;
  const letter = printed.length === 1;
  // A printed sign already holds its Shift: `?` is `?` on every keyboard.
  const shift = event.shiftKey && (mod || !letter);
  const name = letter ? (mod ? printed.toUpperCase() : printed.toLowerCase()) : printed;
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${name}`;
}
