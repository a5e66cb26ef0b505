/** Length of the pieces a text is compared in. Shorter pieces would match by chance. */
const pieceLength = 24;

/**
 * Whether `body` gives away `content`, the text that is sold: it holds at least half of it, piece by piece. Pieces
 * that the seller shows to everybody (`open`, e.g. the body of its 402) do not count.
 */
export function givesAway(content: string, body: string, open: readonly string[]): boolean {
  const secret = pieces(content).filter((piece) => !open.some((text) => text.includes(piece)));
  if (secret.length === 0) return false;
  const found = secret.filter((piece) => body.includes(piece)).length;
  return found * 2 >= secret.length;
}

function pieces(content: string): string[] {
  const text = content.trim();
  // Texts such as `{}`, `ok` or `true` stand in any answer.
  if (text.length < 4 || /^(true|false|null)$/.test(text)) return [];
  if (text.length <= pieceLength) return [text];
  const starts = Array.from(
    { length: Math.floor(text.length / pieceLength) },
    (_, index) => index * pieceLength,
  );
  return starts.map((start) => text.slice(start, start + pieceLength));
}
