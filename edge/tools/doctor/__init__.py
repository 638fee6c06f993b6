"""`cunyi doctor`: looks over a machine and a station's folder, one line a finding, with the fix."""

from edge.tools.doctor.examination import examine
from edge.tools.doctor.finding import Finding, Grade

__all__ = ["Finding", "Grade", "examine"]
