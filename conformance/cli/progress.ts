/** A log that nobody watches gets a line of progress every so many. */
const everyTell = 10;

/** Shows progress on stderr: in place on a terminal, now and then a line elsewhere. */
export function progressPrinter<Progress>(lineOf: (progress: Progress) => string) {
  const { stderr } = process;
  let told = 0;
  return {
    show(progress: Progress): void {
      told += 1;
      if (stderr.isTTY) stderr.write(`\r\x1b[2K${lineOf(progress)}`);
      else if (told % everyTell === 0) stderr.write(`${lineOf(progress)}\n`);
    },
    /** Makes room for what is printed next. */
    clear(): void {
      if (stderr.isTTY && told > 0) stderr.write("\r\x1b[2K");
    },
  };
}
