"""A plan becomes documents: DOCX, PDF, XLSX and one HTML page. Reads plans, decides nothing."""

from reports.publishing import DOCUMENTS, publish

__all__ = ["DOCUMENTS", "publish"]
