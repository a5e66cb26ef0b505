import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import type { Secrets } from "../report/index.ts";
import type { AnySetup } from "../suites.ts";

/** What the worker sends when it listens. */
const ready = "ready";

/** What the worker needs to judge a subject. Plain data: it crosses a thread boundary. */
export interface Assignment {
  readonly setup: AnySetup;
  /** What no verdict may tell. */
  readonly secrets: Secrets;
}

/** Brings the assignment to a worker that was started before there was one. */
export interface Handover {
  /** By this the worker finds its end. */
  readonly name: string;
  /** Gives the assignment as soon as the worker listens; `undefined` tells it that there will be none. */
  give(assignment: Assignment | undefined): void;
  close(): void;
}

/** Opens the main thread's end. It keeps no process running. */
export function openHandover(): Handover {
  const name = `x402-assay ${randomUUID()}`;
  const channel = new BroadcastChannel(name);
  const listens = new Promise<void>((resolve) => {
    channel.onmessage = () => resolve();
  });
  channel.unref();
  return {
    name,
    give: (assignment) => void listens.then(() => channel.postMessage(assignment)),
    close: () => channel.close(),
  };
}

/** Waits, in the worker, for what the main thread gives. */
export async function receiveAssignment(name: string): Promise<Assignment | undefined> {
  const channel = new BroadcastChannel(name);
  try {
    return await new Promise((resolve) => {
      channel.onmessage = (message) => resolve(message.data);
      channel.postMessage(ready);
    });
  } finally {
    channel.close();
  }
}
