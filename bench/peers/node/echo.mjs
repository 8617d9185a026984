// Messages pass through `ws` on Node here and go back: `node echo.mjs off|LEVEL|LEVEL+takeover --port PORT`.
import { WebSocketServer } from "ws";

const [compression, , port] = process.argv.slice(2);
const [level, takeover] = compression.split("+");
// Everything else is as the library has it; 8 is zlib's own `memLevel`, which the other side has, too.
const deflate = {
  threshold: 0,
  zlibDeflateOptions: { level: Number(level), memLevel: 8 },
  serverNoContextTakeover: !takeover,
  clientNoContextTakeover: !takeover,
};
const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(port),
  maxPayload: 128 * 1024,
  perMessageDeflate: compression === "off" ? false : deflate,
});
server.on("listening", () => console.error(`listening on 127.0.0.1:${server.address().port}`));
server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
});
