"""The public pages behind the codes on labels: GS1 Digital Link addresses and the house's own."""
