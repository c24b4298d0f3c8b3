"""How the HTML report looks, on screen and on paper."""

from __future__ import annotations

STYLE = """
:root { --ink: #16202A; --quiet: #4F5B68; --line: #E2E6EB; --ground: #F5F6F8; --accent: #0B6275; --bad: #B3402F;
  --good: #2E7D4F; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--ground); line-height: 1.45;
  font: 15px/1.45 -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Helvetica, Arial, sans-serif; }
header { background: var(--accent); color: #fff; padding: 28px max(24px, calc((100vw - 1080px) / 2 + 24px)) 30px; }
header .brand { font-weight: 600; letter-spacing: .04em; font-size: 13px; opacity: .85; margin-bottom: 14px; }
header h1 { margin: 0; font-size: 30px; line-height: 1.2; font-weight: 650; }
header p { margin: 6px 0 0; opacity: .9; }
main { max-width: 1080px; margin: 0 auto; padding: 8px 24px 40px; }
h2 { font-size: 20px; margin: 32px 0 14px; }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 18px 22px 20px;
  margin: 0 0 18px; }
h3 { font-size: 15px; margin: 0 0 12px; font-weight: 650; }
svg { width: 100%; height: auto; display: block; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 14px; margin-bottom: 18px; }
.tile { background: #fff; border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 13px;
  border-top: 3px solid var(--accent); }
.tile span { display: block; color: var(--quiet); font-size: 13px; }
.tile strong { display: block; font-size: 23px; font-weight: 650; margin: 3px 0 2px; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.tile small { color: var(--quiet); font-size: 12.5px; }
.tile.bad { border-top-color: var(--bad); } .tile.bad strong { color: var(--bad); }
.tile.good { border-top-color: var(--good); } .tile.good strong { color: var(--good); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th { text-align: left; color: var(--quiet); font-weight: 600; font-size: 12.5px; border-bottom: 1px solid #C5CDD6;
  white-space: nowrap; }
th, td { padding: 8px 16px 8px 0; vertical-align: top; } th:last-child, td:last-child { padding-right: 0; }
td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
tbody tr:last-child td { border-bottom: 0; }
.whole { white-space: nowrap; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: 8px; }
details { border-bottom: 1px solid var(--line); } details:last-of-type { border-bottom: 0; }
summary { display: grid; grid-template-columns: 130px 1fr auto 12px; gap: 14px; padding: 10px 0; cursor: pointer;
  list-style: none; align-items: baseline; }
summary::-webkit-details-marker { display: none; }
summary::after { content: "›"; color: var(--quiet); justify-self: end; } details[open] summary::after { content: "⌄"; }
summary b { text-align: right; font-variant-numeric: tabular-nums; color: var(--bad); font-weight: 650;
  white-space: nowrap; }
summary small { display: block; color: var(--quiet); font-size: 12.5px; overflow-wrap: anywhere; }
summary em { font-style: normal; font-size: 12px; color: var(--quiet); border: 1px solid var(--line);
  border-radius: 20px; padding: 1px 10px; white-space: nowrap; }
details p { margin: 0 0 6px 144px; } details p.quiet, .quiet { color: var(--quiet); font-size: 13px; }
pre { margin: 6px 0 14px 144px; background: var(--ground); border-radius: 8px; padding: 12px 14px; font-size: 12.5px;
  white-space: pre-wrap; overflow-wrap: anywhere; font-family: ui-monospace, "Cascadia Mono", Menlo, "DejaVu Sans Mono",
  monospace; }
footer { max-width: 1080px; margin: 0 auto; padding: 0 24px 40px; color: var(--quiet); font-size: 13px; }
@media (max-width: 640px) { summary { grid-template-columns: 1fr auto 12px; } summary b { text-align: left; }
  summary span { grid-column: 1 / -1; grid-row: 2; } details p, pre { margin-left: 0; } }
@page { margin: 14mm; }
@media print {
  body { background: #fff; font-size: 11px; }
  header { background: #fff; color: var(--ink); padding: 0 0 10px; border-bottom: 2px solid var(--accent); }
  header .brand { color: var(--accent); }
  main, footer { max-width: none; padding: 0; } h2 { break-after: avoid; margin-top: 18px; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 12px 0; }
  section:has(svg), .tile, tr, summary { break-inside: avoid; } h3 { break-after: avoid; }
  .tiles { grid-template-columns: repeat(5, 1fr); gap: 8px; }
  .tile { padding: 8px 10px; } .tile strong { font-size: 16px; } .tile.bad strong { color: var(--bad); }
  table { font-size: 10px; } thead { display: table-header-group; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
