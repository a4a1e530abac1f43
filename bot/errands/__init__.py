"""An event and the host come to an errand, an answer, or a reason for neither; what a run is told, and how it goes."""
