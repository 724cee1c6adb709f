"""Pages that are the same for everybody are rendered once and kept; each reader's own parts are put in while answering.

How it works, from below: `pieces` cuts a finished page at the reader's parts, `shelf` keeps pages within a bound of
memory, `page` decides whether a kept one still holds, `standin` is the request that a page is drawn for, which knows
nothing of any reader, `own` fills the parts in, `answer` speaks HTTP (ETag, 304, gzip).
"""
