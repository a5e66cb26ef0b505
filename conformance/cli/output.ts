/*
 * Standard output and standard error as they were before anything of the user's was loaded: a module that is judged may
 * silence the console, and the verdict over it is to be read all the same.
 */
const write = process.stdout.write.bind(process.stdout);
const writeError = process.stderr.write.bind(process.stderr);

/** Standard output, for what writes in place on a terminal. */
export const output: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns"> = {
  write,
  get isTTY() {
    return process.stdout.isTTY;
  },
  get columns() {
    return process.stdout.columns;
  },
};

/** Prints a text and ends the line. */
export function print(text: string): void {
  write(`${text}\n`);
}

/** Prints on standard error. */
export function printError(text: string): void {
  writeError(`${text}\n`);
}

/** Resolves when all that was printed is on its way: a pipe takes it bit by bit. */
export function allPrinted(): Promise<void> {
  return new Promise((resolve) => write("", () => resolve()));
}
