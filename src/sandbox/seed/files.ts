/** Small real files, drawn and written here, the same bytes on every start. */
import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}

/** An RGB picture. @param pixel Gives red, green and blue of a position, 0 to 255. */
export function png(
  width: number,
  height: number,
  pixel: (x: number, y: number) => readonly [number, number, number],
): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows.set(pixel(x, y), y * (1 + width * 3) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // eight bits, red green blue
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A heart trace on squared paper. */
export function heartTrace(seed: number): Buffer {
  const [width, height] = [320, 120];
  const beat = 60 + (seed % 20);
  const levelAt = (x: number) => {
    const phase = x % beat;
    if (phase === 20 || phase === 22) return 70;
    if (phase === 21) return 20 + (seed % 15);
    return phase > 30 && phase < 40 ? 54 : 60;
  };
  return png(width, height, (x, y) => {
    const [from, to] = [levelAt(x), levelAt(x + 1)];
    if (y >= Math.min(from, to) - 1 && y <= Math.max(from, to) + 1) return [20, 20, 60];
    return x % 20 === 0 || y % 20 === 0 ? [240, 170, 170] : [255, 244, 244];
  });
}

/** A symmetric pattern in one colour, for people and groups without a picture of their own. */
export function identicon(digest: Buffer): Buffer {
  const [red = 0, green = 0, blue = 0] = digest;
  const colour = [red / 2 + 40, green / 2 + 40, blue / 2 + 40].map(Math.floor) as [number, number, number]; // three of three
  return png(80, 80, (x, y) => {
    const [column, row] = [Math.min(Math.floor(x / 16), 4 - Math.floor(x / 16)), Math.floor(y / 16)];
    return ((digest[3 + row * 3 + column] ?? 0) & 1) === 1 ? colour : [245, 245, 245];
  });
}

/** One page of text lines. */
export function pdf(lines: readonly string[]): Buffer {
  const text = lines.map((line) => `(${line.replaceAll(/[()\\]/g, '\\$&')}) Tj T*`).join('\n');
  const content = `BT /F1 12 Tf 16 TL 72 760 Td\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let document = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = document.length;
    document += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const start = document.length;
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  document += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  document += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(document, 'latin1');
}
