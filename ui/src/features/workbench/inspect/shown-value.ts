// A value as it is shown: Python's own text, without the addresses that tell a reader nothing.

export function shownValue(value: string): string {
  return value.replaceAll(/ at 0x[0-9a-f]+(?=>)/gi, '');
}
