"""Books, tabs and cells: how they are kept, addressed, protected, and how everything follows when lines move."""
