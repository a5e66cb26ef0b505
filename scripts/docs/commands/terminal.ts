import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { CommandBlock } from "./blocks.ts";
import type { Workplace } from "./workplace.ts";

/** What somebody has open who follows a page: commands that run on are ended with it. */
export interface Terminal {
  /** Runs a block as its comment orders. @throws Error with what was printed, when it does not end as told */
  run(block: CommandBlock): Promise<void>;
  close(): Promise<void>;
}

const ours = { NO_COLOR: "1", FORCE_COLOR: undefined, npm_config_update_notifier: "false" };

/** Opens one in a workplace. */
export function openTerminal(workplace: Workplace): Terminal {
  const background: ChildProcess[] = [];
  return {
    async run({ place, script, order }) {
      const text = workplace.onOwnPorts(shortened(script, order));
      const shell = spawn("sh", ["-euc", text], {
        cwd: workplace.folder,
        detached: true,
        env: { ...process.env, ...ours, PATH: workplace.path, CURL_HOME: workplace.folder },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let printed = "";
      const said = (wanted: string) =>
        new Promise<void>((resolve) => {
          for (const stream of [shell.stdout, shell.stderr]) {
            stream.setEncoding("utf8").on("data", (chunk: string) => {
              printed += chunk;
              if (printed.includes(wanted)) resolve();
            });
          }
        });
      const { until, exit = 0 } = order;
      const heard = said(until ?? "\0").then(() => "heard");
      const ended = once(shell, "close").then(([code]) => code);
      background.push(shell);
      const outcome = await Promise.race([heard, ended]);
      if (until === undefined ? outcome === exit : outcome === "heard") return;
      throw new Error(`${place}: exit code ${outcome}, not ${until ?? exit}\n\n${text}\n${printed}`);
    },
    async close() {
      await Promise.all(background.map(end));
    },
  };
}

function shortened(script: string, { only, duration }: CommandBlock["order"]): string {
  if (only !== undefined)
    return script.replaceAll(/conformance (-- )?(seller|client|facilitator)\b/g, `$& --only '${only}'`);
  if (duration !== undefined) return script.replaceAll(/--duration \w+/g, `--duration ${duration}`);
  return script;
}

async function end(shell: ChildProcess): Promise<void> {
  if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
  const ended = once(shell, "close");
  process.kill(-shell.pid, "SIGTERM");
  await ended;
}
