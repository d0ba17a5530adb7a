"""The decisions of the programmes, as pure functions of plain values. Standard library only."""
