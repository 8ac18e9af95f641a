// niceties
