import { randomUUID } from "node:crypto";
import { appendFile } from "node:fs/promises";

/** Prints an annotation of the run. */
export function annotate(level: "error" | "warning" | "notice", title: string, message: string): void {
  console.log(`::${level} title=${propertyText(title)}::${dataText(message)}`);
}

/** Keeps the runner from taking what others print for commands, until the returned function is called. */
export function stopCommands(): () => void {
  const token = randomUUID();
  console.log(`::stop-commands::${token}`);
  return () => console.log(`::${token}::`);
}

/** Sets outputs of the step, where there is a runner to take them. */
export async function setOutputs(outputs: Readonly<Record<string, string | number>>): Promise<void> {
  const lines = Object.entries(outputs).map(([name, value]) => {
    const delimiter = randomUUID();
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  await append(process.env.GITHUB_OUTPUT, lines.join(""));
}

/** Adds Markdown to the summary of the step, where there is a runner to take it. */
export function addToSummary(markdown: string): Promise<void> {
  return append(process.env.GITHUB_STEP_SUMMARY, `${markdown}\n`);
}

async function append(file: string | undefined, text: string): Promise<void> {
  if (file) await appendFile(file, text);
}

function dataText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function propertyText(text: string): string {
  return dataText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
