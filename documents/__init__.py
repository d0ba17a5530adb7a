"""What is printed or downloaded: plain values in, bytes out."""
