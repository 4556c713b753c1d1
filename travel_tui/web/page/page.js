// What textual-serve's page lacks. Its script keeps its terminal and its socket to itself, so this one works through
// what the browser has of both: the socket's class, and the text field that the terminal takes its input from.
"use strict";

const ENDED = 1000, MOVED = 4001, FAILED = 4002; // as in client_process.py
const QUIET_MS = 20000; // after as long without a word from the server, the connection counts as lost
const PING_MS = 5000;
const RETRY_MS = 1000;
const FONT_MS = 3000; // how long the terminal waits for its font, with which it measures its cells

// A tab's id: it survives reloading, so that the server shows the same client again.
function tabId() {
  let id = sessionStorage.getItem("tab");
  if (!id) {
    id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
    sessionStorage.setItem("tab", id);
  }
  return id;
}

let socket = null;

// The connection to the client, which keeps what is sent before it is open, and notices that it is lost.
class ClientSocket extends WebSocket {
  constructor(url) {
    super(url);
    socket = this;
    this.early = [];
    this.failure = "";
    this.heard = Date.now();
    const pings = setInterval(() => this.ping(), PING_MS);
    this.addEventListener("open", () => this.early.splice(0).forEach((each) => super.send(each)));
    this.addEventListener("message", (event) => this.listen(event.data));
    this.addEventListener("close", (event) => {
      clearInterval(pings);
      closed(event.code, this.failure);
    });
  }

  send(data) {
    if (this.readyState === WebSocket.CONNECTING) this.early.push(data);
    else super.send(data);
  }

  ping() {
    if (Date.now() - this.heard > QUIET_MS) lost();
    else if (this.readyState === WebSocket.OPEN) this.send(JSON.stringify(["ping", String(Date.now())]));
  }

  listen(data) {
    this.heard = Date.now();
    if (typeof data === "string") {
      const [kind, value] = JSON.parse(data);
      if (kind === "failed") this.failure = value;
    }
  }
}
window.WebSocket = ClientSocket;

function closed(code, failure) {
  if (code === ENDED) say("The client has ended.", "Start again");
  else if (code === MOVED) say("This client is open in another tab.", "Use it here");
  else if (code === FAILED) say(failure || "The client failed.", "Try again");
  else lost();
}

function say(message, action) {
  document.querySelector(".closed-dialog .message").textContent = message;
  document.querySelector(".closed-dialog button").textContent = action;
  document.body.classList.add("-closed");
}

// Reload the page as soon as the server answers: it shows the same client.
let retry = null;
function lost() {
  if (retry) return;
  say("Connection lost. Reconnecting…", "Reload");
  retry = setInterval(async () => {
    try {
      await fetch(location.href, { cache: "no-store" });
    } catch {
      return;
    }
    clearInterval(retry);
    location.reload();
  }, RETRY_MS);
}

function type(text) {
  socket?.send(JSON.stringify(["stdin", text]));
}

// Keys that a browser's terminal takes otherwise than a person means them.
function onKey(event) {
  const letter = event.key.toLowerCase();
  const command = event.ctrlKey && !event.altKey && !event.metaKey;
  if (event.key === "Enter" && event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) {
    type("\x1b[13;2u"); // as a terminal with kitty's keyboard protocol says it
    event.preventDefault();
  } else if ((command && letter === "v") || event.key === "F11" || event.key === "F12") {
    // The browser's own: paste its clipboard, full screen, its tools.
  } else {
    return;
  }
  event.stopImmediatePropagation();
}

// What the client copies. Without HTTPS and not on this machine, browsers have no clipboard for scripts, and others want
// the key that asked for it to be a moment ago; then there is the older way. What scripts could read, nobody asks for.
const browserClipboard = navigator.clipboard;
async function copy(text) {
  try {
    await browserClipboard.writeText(text);
  } catch {
    copyOldWay(text);
  }
}
Object.defineProperty(navigator, "clipboard", { value: { writeText: copy, readText: async () => "" } });

function copyOldWay(text) {
  const give = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("copy", give, { capture: true });
  document.execCommand("copy");
  document.removeEventListener("copy", give, { capture: true });
}

// What is typed before there is a terminal.
let typedEarly = "";
const EARLY_KEYS = { Enter: "\r", Tab: "\t", Backspace: "\x7f", Escape: "\x1b" };
function onEarlyKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const text = event.key.length === 1 ? event.key : EARLY_KEYS[event.key];
  if (!text) return;
  typedEarly += text;
  event.preventDefault();
}
document.addEventListener("keydown", onEarlyKey);

function takeFocus() {
  document.querySelector(".xterm-helper-textarea")?.focus();
}

const start = window.onload; // textual-serve's
window.onload = async (event) => {
  const terminal = document.querySelector(".textual-terminal");
  terminal.dataset.sessionWebsocketUrl = `${location.origin.replace(/^http/, "ws")}/ws/${tabId()}`;
  const fonts = ["16px", "bold 16px", "italic 16px"].map((each) => document.fonts.load(`${each} "Roboto Mono"`));
  await Promise.race([Promise.allSettled(fonts), new Promise((resolve) => setTimeout(resolve, FONT_MS))]);
  start.call(window, event);
  document.removeEventListener("keydown", onEarlyKey);
  takeFocus();
  if (typedEarly) type(typedEarly);
  window.addEventListener("focus", takeFocus);
  document.addEventListener("keydown", onKey, { capture: true });
  // The margin beside the last whole cell has the colour of the client's theme, which the terminal is told.
  const viewport = document.querySelector(".xterm-viewport");
  const colour = () => (document.body.style.backgroundColor = viewport.style.backgroundColor);
  new MutationObserver(colour).observe(viewport, { attributes: true, attributeFilter: ["style"] });
};
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
