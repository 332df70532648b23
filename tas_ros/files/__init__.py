"""Reading and writing what lies outside a recording: pictures, masks, poses, overlays."""
