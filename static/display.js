// A lane's screen must not show a car that has gone: without an answer for five seconds it shows none.
const PATIENCE = 5000;
let heard = Date.now();
document.addEventListener("htmx:afterRequest", (event) => {
  if ([200, 204].includes(event.detail.xhr.status)) heard = Date.now();
});
setInterval(() => document.body.classList.toggle("is-lost", Date.now() - heard > PATIENCE), 500);
