/** Serves the route handler the way Next.js would. `PORT` and the sandbox's addresses come from the environment. */
import { serve } from "@hono/node-server";
import { GET } from "./weather.ts";

const { PORT = "3000" } = process.env;

serve({
  port: Number(PORT),
  hostname: "127.0.0.1",
  fetch: async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/health") return Response.json({ status: "ok" });
    if (pathname !== "/weather") return new Response("not found", { status: 404 });
    if (request.method !== "GET") return new Response("GET only", { status: 405, headers: { allow: "GET" } });
    return GET(request).catch((error) => {
      console.error(error);
      return Response.json({ error: "internal error" }, { status: 500 });
    });
  },
});
