import { EventEmitter, once } from "node:events";
import { Problem } from "#sandbox";
import {
  type Ending,
  type EndingsQuestion,
  NotRestartable,
  type SubjectControl,
  startControl,
} from "./control.ts";
import type { CommandProcess } from "./process.ts";
import { complaintAbout } from "./readiness.ts";
import { type ProgramOptions, startUntilReady } from "./start-until-ready.ts";

/** Lines of a program's last output that are told when it ended by itself. */
const linesTold = 10;

/** A program that ends by itself so often is not started again. */
const mostEndings = 100;

/** Said of a command that has ended while its server goes on, out of reach. */
const leftBehind =
  "The command of --start ended and left its server behind, so that the suite can neither start it again nor end it. " +
  "Let the command run in the foreground, e.g. nginx -g 'daemon off;'.";

/** A program that was started, and can be started again. */
export interface RunningProgram extends Pick<SubjectControl, "restartUrl" | "endingsUrl"> {
  /** What to tell of the times that it ended without being told to, or of a server that it left behind. */
  readonly accidents: () => readonly string[];
  stop(): Promise<void>;
}

/**
 * Starts a program of the user's and waits until it answers. Should it end by itself later, it is started again: what
 * one request has done to it is nothing to the next.
 *
 * @throws Problem `subject-not-ready`, with the program's last output; `port-in-use` when something answers before it
 *   was started; the signal's reason
 */
export async function startProgram(options: ProgramOptions): Promise<RunningProgram> {
  await requireSilence(options.readyUrl);
  const program = new Program(options);
  await program.restart();
  const control = await startControl(
    () => program.restart(),
    (question) => program.endings(question),
  );
  const { restartUrl, endingsUrl } = control;
  return {
    restartUrl,
    endingsUrl,
    accidents: () => program.accidents(),
    async stop() {
      await control.stop();
      await program.stop();
    },
  };
}

/** A program of the user's over all of its lives. */
class Program {
  readonly #options: ProgramOptions;
  readonly #endings: Ending[] = [];
  readonly #isOver = new AbortController();
  #running: CommandProcess | undefined;
  #lastWords = "";
  #whyDown: string | undefined;
  #hasLeftItsServer = false;
  /** Starts and stops, one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** As many listen as cases run at once. */
  readonly #news = new EventEmitter().setMaxListeners(0);

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  /** @throws Problem `subject-not-ready`, the signal's reason; NotRestartable when the server is out of reach */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      if (await this.#isOutOfReach()) throw new NotRestartable(leftBehind);
      await this.#begin();
    });
  }

  /** Whether the server goes on after all that was started has ended. */
  async #isOutOfReach(): Promise<boolean> {
    const isGone = this.#running?.isGone() ?? false;
    this.#hasLeftItsServer ||= isGone && (await complaintAbout(this.#options.readyUrl)) === undefined;
    return this.#hasLeftItsServer;
  }

  async endings({ since, patienceMs }: EndingsQuestion): Promise<readonly Ending[]> {
    const asked = () => this.#endings.filter(({ at }) => at >= since);
    if (asked().length === 0) await this.#nextEnding(patienceMs);
    await this.#turn;
    return asked();
  }

  accidents(): readonly string[] {
    return [...this.#newsOfEndings(), ...(this.#hasLeftItsServer ? [leftBehind] : [])];
  }

  #newsOfEndings(): readonly string[] {
    const last = this.#endings.at(-1);
    if (last === undefined) return [];
    const times = this.#endings.length === 1 ? "" : `, ${this.#endings.length} times`;
    const since = this.#whyDown === undefined ? "and was started again" : `and ${this.#whyDown}`;
    return [
      `The program ended by itself while it was judged (${last.how})${times}, ${since}. Command: ${this.#options.command}. Its last output:\n${this.#lastWords || "(nothing)"}`,
    ];
  }

  async stop(): Promise<void> {
    this.#isOver.abort();
    await this.#inTurn(() => this.#end());
  }

  async #begin(): Promise<void> {
    await this.#end();
    const { signal } = this.#options;
    const isOver = this.#isOver.signal;
    const program = await startUntilReady({
      ...this.#options,
      signal: signal === undefined ? isOver : AbortSignal.any([signal, isOver]),
    });
    this.#running = program;
    this.#whyDown = undefined;
    void program.ended.then((how) => {
      void this.#comeBack(program, how);
    });
  }

  /** What was started with it may be there still. */
  async #end(): Promise<void> {
    const program = this.#running;
    this.#running = undefined;
    await program?.stop();
  }

  async #comeBack(program: CommandProcess, how: string): Promise<void> {
    // A command may end and leave behind what it has started.
    const answers = (await complaintAbout(this.#options.readyUrl)) === undefined;
    if (this.#running !== program) return;
    if (answers) this.#hasLeftItsServer ||= program.isGone();
    if (answers) return;
    this.#endings.push({ at: Date.now(), how });
    this.#lastWords = program.output().split("\n").slice(-linesTold).join("\n");
    if (this.#endings.length > mostEndings)
      this.#whyDown = "was not started again after that: mend this first";
    else
      void this.#inTurn(() => this.#begin()).catch((error: unknown) => {
        this.#whyDown = `did not get ready again (${error instanceof Error ? error.message : String(error)})`;
      });
    this.#news.emit("ending");
  }

  async #nextEnding(patienceMs: number): Promise<void> {
    const patience = AbortSignal.timeout(patienceMs);
    await once(this.#news, "ending", { signal: patience }).catch(() => undefined);
  }

  #inTurn(job: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(job);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** Whatever answers already would be judged in place of the program. */
async function requireSilence(url: string): Promise<void> {
  const complaint = await complaintAbout(url);
  if (complaint !== undefined) return;
  throw new Problem(
    "port-in-use",
    `Something answers at ${url} before the program is started.`,
    "End it, or let the suite choose a port: write {port} in --url and let the program listen on PORT.",
  );
}
