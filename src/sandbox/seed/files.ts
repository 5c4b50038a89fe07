/** Generates small PNG and PDF files with the same bytes on every start. */
import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}

type Colour = readonly [red: number, green: number, blue: number];

/** A PNG with a palette. @param pixel Returns the palette index at a position. */
function png(
  width: number,
  height: number,
  palette: readonly Colour[],
  pixel: (x: number, y: number) => number,
): Buffer {
  const stride = width + 1; // each row starts with its filter type, 0 for none
  const rows = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * stride + 1 + x] = pixel(x, y);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // bit depth 8, colour type 3 (palette)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const colours = chunk('PLTE', Buffer.from(palette.flat()));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    colours,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** An ECG trace on grid paper. */
export function heartTrace(seed: number): Buffer {
  const beat = 60 + (seed % 20);
  const levelAt = (x: number) => {
    const phase = x % beat;
    if (phase === 20 || phase === 22) return 54;
    if (phase === 21) return 10 + (seed % 15);
    return phase > 30 && phase < 40 ? 40 : 45;
  };
  const paper = [
    [255, 244, 244],
    [240, 170, 170],
    [20, 20, 60],
  ] as const;
  return png(200, 80, paper, (x, y) => {
    const [from, to] = [levelAt(x), levelAt(x + 1)];
    if (y >= Math.min(from, to) - 1 && y <= Math.max(from, to) + 1) return 2;
    return x % 20 === 0 || y % 20 === 0 ? 1 : 0;
  });
}

/** A symmetric pattern in one colour, for people and groups without an uploaded picture. */
export function identicon(digest: Buffer): Buffer {
  const [red = 0, green = 0, blue = 0] = digest;
  const dim = (value: number) => Math.floor(value / 2) + 40;
  const colours = [
    [245, 245, 245],
    [dim(red), dim(green), dim(blue)],
  ] as const;
  return png(80, 80, colours, (x, y) => {
    const [column, row] = [Math.min(Math.floor(x / 16), 4 - Math.floor(x / 16)), Math.floor(y / 16)];
    return (digest[3 + row * 3 + column] ?? 0) & 1;
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
