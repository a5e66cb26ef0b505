import Fastify from "fastify";
import { expect, test, vi } from "vitest";
import { listen } from "./listen.ts";

/* As tests may run as somebody who may listen everywhere, the system's refusal is given in its own words. */

test("a port that only an administrator may take is named", async () => {
  const app = Fastify();
  const denied = Object.assign(new Error("listen EACCES: permission denied"), { code: "EACCES" });
  vi.spyOn(app, "listen").mockImplementation(() => Promise.reject(denied));
  await expect(listen(app, { port: 80, flag: "--port" })).rejects.toMatchObject({
    code: "config",
    message: "This user may not listen on port 80.",
    next: "Choose one from 1024 on with --port, or 0 for a free one.",
  });
});
