import { open } from "node:fs/promises";

const LINE_END = 0x0a;

/**
 * Adds whole lines at a file's end and has them on disk when it resolves. The file is opened anew each time, so that one that was moved
 * away (logrotate) is left alone and a new one begins. What can not be written whole is taken back; a torn last line of a process that died is ended.
 */
export async function appendFile(path: string, text: string): Promise<void> {
  const file = await open(path, "a+", 0o640);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.from(text);
    const whole = size === 0 || (await lastByte(file, size)) === LINE_END;
    try {
      await file.appendFile(whole ? bytes : Buffer.concat([Buffer.of(LINE_END), bytes]));
      await file.datasync();
    } catch (error) {
      await file.truncate(size).catch(() => undefined);
      throw error;
    }
  } finally {
    await file.close();
  }
}

async function lastByte(file: Awaited<ReturnType<typeof open>>, size: number): Promise<number | undefined> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0];
}
