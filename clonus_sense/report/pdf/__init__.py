"""The report for a patient's file, as PDF; needs the extra ``app``, which brings reportlab."""
