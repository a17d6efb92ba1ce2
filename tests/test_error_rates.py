"""Error rates are jiwer's and sacreBLEU's, and undefined where there is nothing to get right."""

from __future__ import annotations
